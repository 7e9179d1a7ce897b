"""The checks of the smoke test: each says in a sentence what it found."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.smoke.answers import (
    HealthAnswer,
    ModelInfoAnswer,
    PredictionAnswer,
    ProblemAnswer,
    ReadyAnswer,
    ReplayAnswer,
)
from credit_scoring.smoke.example import SmokeExample
from credit_scoring.smoke.server import CheckFailedError, Server

_OWN_METRICS = b"\ncredit_"


class Outcome(NamedTuple):
    """What a check found."""

    mark: Literal["passed", "failed", "skipped"]
    name: str
    sentence: str


class _SkippedError(Exception):
    """A check does not apply; the message says why."""


@dataclass
class SmokeTest:
    """The checks, in their order.

    Args:
        service: for callers; behind the proxy, where there is one.
        operations: answers metrics and readiness, which the proxy hides; None leaves these checks out.
        example: None if there is none: an applicant without history is sent then, and no score is compared.
    """

    service: Server
    operations: Server | None
    example: SmokeExample | None
    _predicted: PredictionAnswer | None = field(default=None, init=False)

    def run(self) -> Iterator[Outcome]:
        """Run all checks, whatever the earlier ones found."""
        checks = [self._health, self._prediction, self._batch_score, self._reasons, self._model_info]
        checks += [self._without_key, self._bad_body, self._replay]
        for check in checks + ([self._metrics, self._ready] if self.operations else []):
            name = check.__name__.removeprefix("_")
            try:
                yield Outcome("passed", name, check())
            except CheckFailedError as error:
                yield Outcome("failed", name, str(error))
            except _SkippedError as error:
                yield Outcome("skipped", name, str(error))

    def _health(self) -> str:
        answer = self.service.answer(HealthAnswer, "GET /health", has_key=False)
        if answer.status != "healthy":
            parts = ", ".join(f"{name} {state}" for name, state in answer.parts.items() if state != "ready")
            raise CheckFailedError(f"The service is {answer.status}: {parts}.")
        return f"Program {answer.version}, model version {answer.model_version}, {_features(answer.feature_version)}."

    def _prediction(self) -> str:
        self._predicted = answer = self.service.answer(PredictionAnswer, "POST /predict", self._application)
        probability, threshold = answer.probability_of_default, answer.threshold
        if answer.decision != ("refused" if probability >= threshold else "accepted"):
            raise CheckFailedError(
                f"The decision is {answer.decision}, with probability {probability} and threshold {threshold}."
            )
        return f"Decision {answer.decision_id}: {answer.decision}."

    def _batch_score(self) -> str:
        predicted, example = self._require_prediction(), self.example
        if example is None:
            raise _SkippedError("There is no example with a batch score; `credit-scoring bootstrap` writes one.")
        used = f"model version {predicted.model_version} and {_features(predicted.feature_version)}"
        scored = f"model version {example.model_version} and {_features(example.feature_version)}"
        if used != scored:
            raise _SkippedError(f"The service uses {used}, the example {scored}; bootstrap writes a new one.")
        if predicted.probability_of_default != example.probability:
            raise CheckFailedError(
                f"The service answers probability {predicted.probability_of_default!r}, the batch computed "
                f"{example.probability!r}, both with {used}."
            )
        return f"Equal bit for bit, with {used} of {example.source} data."

    def _reasons(self) -> str:
        answer = self.service.answer(PredictionAnswer, "POST /predict?explain=true", self._application)
        if answer.explanation is None or not answer.explanation.reasons:
            raise CheckFailedError(f"Decision {answer.decision_id} was answered without reasons.")
        return f"Decision {answer.decision_id} has {len(answer.explanation.reasons)} reasons."

    def _model_info(self) -> str:
        answer = self.service.answer(ModelInfoAnswer, "GET /model-info")
        return (
            f"Model version {answer.model_version}, alias {answer.alias or 'none'}, trained on {answer.data_source} "
            f"data at {answer.trained_at:%Y-%m-%d %H:%M}."
        )

    def _without_key(self) -> str:
        self.service.answer(ProblemAnswer, "POST /predict", {}, status=401, has_key=False)
        return "Status 401."

    def _bad_body(self) -> str:
        answer = self.service.answer(ProblemAnswer, "POST /predict", {"AMT_CREDIT": "a lot"}, status=422)
        if all(error.pointer != "#/AMT_CREDIT" for error in answer.errors):
            raise CheckFailedError(f"The answer does not name the invalid field: {answer.detail}")
        return "Status 422, which names the invalid field."

    def _replay(self) -> str:
        decision_id = self._require_prediction().decision_id
        answer = self.service.answer(ReplayAnswer, f"POST /decisions/{decision_id}/replay")
        if not answer.is_equal:
            names = ", ".join(difference.name for difference in answer.differences[:5])
            raise CheckFailedError(f"{len(answer.differences)} values of decision {decision_id} differ: {names}.")
        return f"Decision {decision_id} was reproduced bit for bit."

    def _metrics(self) -> str:
        assert self.operations is not None
        samples = self.operations.content("GET /metrics", has_key=False).count(_OWN_METRICS)
        if not samples:
            raise CheckFailedError("GET /metrics has no metric of this service; check the address.")
        return f"{samples} samples."

    def _ready(self) -> str:
        assert self.operations is not None
        answer = self.operations.answer(ReadyAnswer, "GET /health/ready", has_key=False)
        return f"The service is {answer.status}."

    @property
    def _application(self) -> dict[str, float | int | str]:
        if self.example is not None:
            return self.example.application
        # Without a client number, which might be that of a person.
        return {name: value for name, value in EXAMPLE.items() if name != CLIENT}

    def _require_prediction(self) -> PredictionAnswer:
        if self._predicted is None:
            raise _SkippedError("There is no prediction.")
        return self._predicted


def _features(version: int) -> str:
    return f"feature version {version}"
