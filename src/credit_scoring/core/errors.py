"""One family of errors: each names the thing, the value, and what to do next.

The command line prints the message and leaves with ``exit_code``; a traceback is an internal error.
"""

NOTHING_NEW_EXIT_CODE = 10
"""Exit code of a check that found nothing to do; a scheduler skips the tasks behind it."""


class CreditScoringError(Exception):
    """Something the user can put right.

    Args:
        message: what is wrong, naming file, column, row or value.
        next_step: what to do about it; an order, often a command.
    """

    exit_code = 1

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message, next_step)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}"


class SettingsError(CreditScoringError):
    """A setting is unknown, or its value is not allowed."""

    exit_code = 3


class SourceError(CreditScoringError):
    """The raw data cannot be read: missing, cut short, or not what its contract says."""

    exit_code = 4


class ValidationFailedError(CreditScoringError):
    """The tables were read, but break a rule that stops the flow."""

    exit_code = 5


class MissingArtefactError(CreditScoringError):
    """A step needs the output of another step that has not run."""

    exit_code = 6


class ErasedError(MissingArtefactError):
    """The data was permanently erased at the request of the data subject."""

    exit_code = 12


class StorageError(CreditScoringError):
    """An output cannot be written, or a stored file is damaged."""

    exit_code = 7


class TrainingError(CreditScoringError):
    """A model cannot be trained on this feature version."""

    exit_code = 8


class ModelNotFoundError(CreditScoringError):
    """The registry holds no such model version, or not under that alias."""

    exit_code = 9


class UnexplainableModelError(CreditScoringError):
    """The model's family cannot say what each feature contributed."""

    exit_code = 11


class PromotionRefusedError(CreditScoringError):
    """A model version may not go into production: a gate refused it, or there is none to go back to."""

    exit_code = 13
