"""No sentence that a client reads contradicts the client's raw rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.explain.displayed_values import DISCLOSED, shown
from credit_scoring.explain.reasons import UNKNOWN, Grouping, Reason, reasons_for
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.explain.texts.language import Language
from credit_scoring.feature_engineering.application.training_statistics import fit_statistics
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.compute import compute_features
from credit_scoring.scoring.approved_baseline import AcceptedClients, accepted_clients
from credit_scoring.scoring.model_family import Budget, TrainingRows
from credit_scoring.synthetic_data.writer import write_synthetic_tables
from credit_scoring.train.candidates import model_family
from tests.support.real_sample import Read, needs_real_sample, raw_tables, read_sample, typed_tables
from tests.support.stated_facts import NOTHING_KNOWN, known_rows, stated_facts

SYNTHETIC_APPLICATIONS = 10_000
pytestmark = pytest.mark.slow

NAMES = feature_names()
GROUPING = Grouping.from_names(NAMES)


class Facts:
    """What the raw rows say about each client, and the features computed from them."""

    def __init__(self, read: Read) -> None:
        tables, raw = typed_tables(read), raw_tables(read)
        computed = compute_features(tables, fit_statistics(tables["application_train"]))
        self.clients = computed[CLIENT].to_list()
        self.features = computed.select(pl.col(NAMES).cast(pl.Float32)).to_numpy()
        self.facts = stated_facts(raw).reindex(self.clients)
        known = known_rows(raw)
        index = known["application"][CLIENT]
        unknown = {name: holds(known).to_numpy() for name, holds in NOTHING_KNOWN.items()}
        self.unknown = pd.DataFrame(unknown, index=index).reindex(self.clients)
        targets = tables["application_train"].select(CLIENT, "TARGET")
        self.target = computed.select(CLIENT).join(targets, on=CLIENT, how="left")["TARGET"].to_numpy()

    def contradicted(self, row: int, reason: Reason, is_refused: bool, language: Language) -> str | None:
        """The sentence of a reason, if the raw rows of the client contradict it."""
        sentence = language.reason(reason)
        if reason.unknown is not None:
            return None if self.unknown[reason.unknown].iloc[row] else sentence
        assert reason.feature is not None and reason.typical is not None
        fact, disclosure = float(self.facts[reason.feature].iloc[row]), DISCLOSED[reason.feature]
        # Features are computed from numbers stored as float32, which have seven digits.
        tolerance = 1e-6 * abs(fact) + 1e-9
        roundings = np.linspace(fact - tolerance, fact + tolerance, 41).tolist()
        is_said = any(self._says(sentence, value, reason, language) for value in roundings)
        is_adverse = (fact > reason.typical) == disclosure.risk_rises
        return None if is_said and is_adverse == is_refused else f"{fact}: {sentence}"

    def _says(self, sentence: str, value: float, reason: Reason, language: Language) -> bool:
        unit, typical = DISCLOSED[str(reason.feature)].shown_as, float(reason.typical or 0)
        is_above = shown(unit, value) > shown(unit, typical)
        side, other = (language.above, language.below) if is_above else (language.below, language.above)
        return language.number(unit, value) in sentence and _tail(side) in sentence and _tail(other) not in sentence


def _tail(template: str) -> str:
    return template.split("{value}")[1].split("{typical}")[0]


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    folder = tmp_path_factory.mktemp("synthetic")
    write_synthetic_tables(folder, clients=SYNTHETIC_APPLICATIONS, seed=3)
    return Facts(lambda name: (Path(folder) / name).read_bytes())


def test_no_reason_contradicts_the_rows_of_ten_thousand_synthetic_applications(synthetic: Facts) -> None:
    assert len(synthetic.clients) == SYNTHETIC_APPLICATIONS
    # Any contribution may meet any client, whatever a model would say.
    random = np.random.default_rng(0)
    accepted = AcceptedClients(
        clients=1, contributions=(0.0,) * len(NAMES), typical=_medians(synthetic.features, np.ones(10_000, bool))
    )
    said: Counter[str] = Counter()
    false: list[str] = []
    for row, features in enumerate(synthetic.features):
        for is_refused in (True, False):
            for reason in reasons_for(is_refused, GROUPING, random.normal(size=len(NAMES)), features, accepted):
                said[reason.unknown or str(reason.feature)] += 1
                false += _contradictions(synthetic, row, reason, is_refused)
    assert false == []
    assert set(said) >= set(UNKNOWN) and len(set(said) & set(DISCLOSED)) > 90


def test_a_sentence_with_another_value_or_about_a_known_history_is_a_contradiction(synthetic: Facts) -> None:
    features = synthetic.features[0]
    accepted = AcceptedClients(clients=1, contributions=(0.0,) * len(NAMES), typical=(1e9,) * len(NAMES))
    reason = reasons_for(False, GROUPING, -np.ones(len(NAMES)), features, accepted)[0]
    assert reason.value is not None
    assert list(_contradictions(synthetic, 0, reason, False)) == []
    assert len(list(_contradictions(synthetic, 0, replace(reason, value=reason.value * 2 + 9), False))) == 2
    row = int(np.flatnonzero(~synthetic.unknown["bureau"])[0])
    assert len(list(_contradictions(synthetic, row, replace(reason, unknown="bureau"), True))) == 2


@needs_real_sample
def test_no_reason_contradicts_the_rows_of_any_client_of_the_real_sample() -> None:
    real = Facts(read_sample)
    family = model_family("logistic_regression")
    labelled = ~np.isnan(real.target)
    categories = frozenset[str]()
    rows = TrainingRows(real.features[labelled], real.target[labelled].astype(np.int8), NAMES, categories=categories)
    model = family.fit(rows, family.parameters[Budget.QUICK])
    margins = model.margin(real.features)
    refused = margins >= np.quantile(margins, 0.7)
    accepted = accepted_clients([model], np.zeros(len(refused), int), real.features, ~refused)
    contributions = model.contributions(real.features)[:, :-1]
    false: list[str] = []
    without = 0
    for row, features in enumerate(real.features):
        reasons = reasons_for(bool(refused[row]), GROUPING, contributions[row], features, accepted)
        without += bool(refused[row]) and not reasons
        for reason in reasons:
            false += _contradictions(real, row, reason, bool(refused[row]))
    assert refused.sum() == 3_000 and false == []
    # A refusal without any reason that may be disclosed is for a person to decide.
    assert without < 30


def _contradictions(facts: Facts, row: int, reason: Reason, is_refused: bool) -> Iterator[str]:
    for language in LANGUAGES.values():
        if sentence := facts.contradicted(row, reason, is_refused, language):
            yield f"client {facts.clients[row]}: {sentence}"


def _medians(features: np.ndarray, chosen: np.ndarray) -> tuple[float | None, ...]:
    return tuple(float(np.nanmedian(column)) for column in features[chosen].T)
