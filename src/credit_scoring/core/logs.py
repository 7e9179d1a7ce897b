"""Structured logs: readable lines on a terminal, JSON elsewhere, one run id through all steps of a run.

docs/MONITORING.md lists the fields.
"""

import logging
import sys
import traceback
import uuid

import structlog

from credit_scoring import __version__
from credit_scoring.core.settings import Settings


def configure_logs(settings: Settings) -> str:
    """Configure logging for this process and return the run id that is on every line.

    Lines go to standard error, so that standard output holds results only.
    """
    run_id = uuid.uuid4().hex[:12]
    as_json = writes_json(settings)
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    # A thread does not inherit context variables, and people know which version they started.
    identity = {"run_id": run_id, "version": __version__} if as_json else {}
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            lambda _logger, _method, event: {**identity, **event},
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log.level]),
        # Resolved at each call: tests and servers replace sys.stderr after logging was configured.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(run_id=run_id)
    return run_id


def writes_json(settings: Settings) -> bool:
    """Whether log lines are JSON."""
    return settings.log.format == "json" or (settings.log.format == "auto" and not sys.stderr.isatty())


def json_formatter(component: str) -> logging.Formatter:
    """Formatter of another program's log records, which gives them the shape of ours."""
    identity = {"component": component, "version": __version__}
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            lambda _logger, _method, event: {**identity, **event},
        ],
    )


def forward_logs_of(library: str) -> None:
    """Send the log records of a library through the logging of this program."""
    logger = logging.getLogger(library)
    logger.handlers = [_Forwarding(library)]
    logger.propagate = False


class _Forwarding(logging.Handler):
    def __init__(self, library: str) -> None:
        super().__init__()
        self._library = library

    def emit(self, record: logging.LogRecord) -> None:
        # An exception's message may contain personal data; its type does not.
        kind = record.exc_info[0] if record.exc_info else None
        error = {} if kind is None else {"error": kind.__name__}
        try:
            get_logger(self._library).log(record.levelno, record.getMessage().strip(), **error)
        except Exception:  # a logging failure must not break the code that logs
            self.handleError(record)


def current_run_id() -> str:
    """Run id of this process; empty before ``configure_logs``."""
    return str(structlog.contextvars.get_contextvars().get("run_id", ""))


def get_logger(component: str) -> structlog.typing.FilteringBoundLogger:
    """Logger whose lines name the component they come from."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(component=component)
    return logger


def innermost_frames(error: BaseException) -> list[str]:
    """Functions and lines of at most 8 frames that raised the error; unlike its message, free of personal data."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-8:]]
