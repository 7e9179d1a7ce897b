"""The operator that runs one command of ``credit-scoring``."""

import os
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from credit_airflow.exit_codes import DRIFT_ALARM, Action, meaning_of
from credit_airflow.settings import CreditSettings, read_settings
from credit_airflow.subprocess_run import SubprocessRun


class CommandRun(Protocol):
    """A command that runs somewhere.

    Attributes:
        result: what it printed with ``--json``; None before, and for other commands.
    """

    result: dict[str, Any] | None

    def run(self) -> int:
        """Run to the end and return the exit code."""

    def kill(self) -> None:
        """End it, wherever it runs; nothing happens if it has ended."""


class CreditScoringOperator(BaseOperator):
    """Runs ``credit-scoring <arguments>`` and streams what it prints to the log of the task.

    The command runs as a subprocess of the worker or as a pod, as ``[credit] execution`` says. It is ended with the
    task: when its time is over, and when someone stops it. ``exit_codes.py`` says which exit codes are tried again,
    fail or skip the task.

    Args:
        arguments: command and options; templated. Empty ones are left out, so that a template can omit an option.
        environment: further environment variables of the command; templated.

    Returns:
        What the command printed with ``--json``, with ``alarm`` for a command that compares; None for others.
    """

    template_fields: Sequence[str] = ("arguments", "environment")
    template_fields_renderers: ClassVar[dict[str, str]] = {"arguments": "json", "environment": "json"}
    ui_color = "#d7e8f7"

    def __init__(
        self, *, arguments: Sequence[str] | Any, environment: dict[str, str] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.arguments = arguments
        self.environment = environment
        self._running: CommandRun | None = None

    def execute(self, context: Context) -> dict[str, Any] | None:
        """Run the command."""
        return self.run_command([str(part) for part in self.arguments if str(part)], context)

    def run_command(self, arguments: Sequence[str], context: Context) -> dict[str, Any] | None:
        """Run one command.

        Raises:
            AirflowSkipException, AirflowFailException: as its exit code says.
            AirflowException: the same, and the task is tried again.
        """
        settings = read_settings()
        self.log.info("credit-scoring %s", " ".join(arguments))
        run = self._running = self._command_run(arguments, settings, context)
        try:
            exit_code = run.run()
        finally:
            self._running = None
        meaning = meaning_of(exit_code)
        message = f"`credit-scoring {' '.join(arguments)}` ended with exit code {exit_code}: {meaning.why}."
        if meaning.action is Action.SKIP:
            raise AirflowSkipException(message)
        if meaning.action is Action.FAIL:
            raise AirflowFailException(message)
        if meaning.action is Action.RETRY:
            raise AirflowException(message)
        return None if run.result is None else {**run.result, "alarm": exit_code == DRIFT_ALARM}

    def on_kill(self) -> None:
        """End the command with the task."""
        if self._running is not None:
            self._running.kill()

    def _command_run(self, arguments: Sequence[str], settings: CreditSettings, context: Context) -> CommandRun:
        if settings.execution == "kubernetes":
            # Only where it is needed: the client takes a second to import.
            from credit_airflow.pod_run import PodRun

            return PodRun([settings.program, *arguments], self.environment or {}, self.log.info, settings, context)
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(self.environment or {})}
        return SubprocessRun([settings.program, *arguments], environment, self.log.info)
