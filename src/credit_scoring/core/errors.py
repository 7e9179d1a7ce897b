"""One family of errors: each names the thing, the value, and what to do next.

The command line prints the message and leaves with ``exit_code``; a traceback is an internal error.
"""

from typing import ClassVar

NOTHING_NEW_EXIT_CODE = 10
"""Exit code of a check that found nothing to do; a scheduler skips the tasks behind it."""
DRIFT_ALARM_EXIT_CODE = 14
"""Exit code of a comparison whose verdict is an alarm; a scheduler starts a retraining."""


class CreditScoringError(Exception):
    """Something the user can put right.

    Args:
        message: what is wrong, naming file, column, row or value.
        next_step: what to do about it; an order, often a command.
        public: what a caller of the service may read: no address, path, setting or user, which the message may name.
    """

    exit_code: ClassVar[int] = 1

    def __init_subclass__(cls, exit_code: int) -> None:
        cls.exit_code = exit_code

    def __init__(self, message: str, next_step: str, public: str = "The service is unavailable.") -> None:
        super().__init__(message, next_step, public)
        self.message = message
        self.next_step = next_step
        self.public = public

    def again(self) -> "CreditScoringError":
        """The same error for another caller: an exception that is raised twice collects the frames of both."""
        return type(self)(self.message, self.next_step, self.public)

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}"


class SettingsError(CreditScoringError, exit_code=3):
    """A setting is unknown, or its value is not allowed."""


class SourceError(CreditScoringError, exit_code=4):
    """The raw data cannot be read: missing, cut short, or not what its contract says."""


class ValidationFailedError(CreditScoringError, exit_code=5):
    """The tables were read, or the platform was reached, but breaks a rule that stops the flow."""


class MissingArtefactError(CreditScoringError, exit_code=6):
    """A step needs the output of another step that has not run."""


class ErasedError(MissingArtefactError, exit_code=12):
    """The data was permanently erased at the request of the data subject."""


class StorageError(CreditScoringError, exit_code=7):
    """An output cannot be written, or a stored file is damaged."""


class TrainingError(CreditScoringError, exit_code=8):
    """A model cannot be trained on this feature version."""


class ModelNotFoundError(CreditScoringError, exit_code=9):
    """The registry holds no such model version, or not under that alias."""


class UnexplainableModelError(CreditScoringError, exit_code=11):
    """The model's family cannot say what each feature contributed."""


class PromotionRefusedError(CreditScoringError, exit_code=13):
    """A model version may not go into production: a gate refused it, or there is none to go back to."""
