"""Reads the distributions that are saved with a Scorer; the program itself does not read them yet."""

from pathlib import Path

import numpy as np

from credit_scoring.evaluation.population_stability import Histogram
from credit_scoring.scoring.training_distribution import REFERENCE_FILE, Distribution, Reference


def load_reference(folder: Path) -> Reference:
    """The distributions of a Scorer's folder."""
    with np.load(folder / REFERENCE_FILE, allow_pickle=False) as stored:
        names, counts = [str(name) for name in stored["names"]], stored["edge_counts"]
        edges = np.split(stored["edges"], np.cumsum(counts)[:-1])
        # One bin more than edges, plus the share of missing values.
        shares = np.split(stored["shares"], np.cumsum(counts + 2)[:-1])
        quantiles = list(stored["quantiles"])
    rows = [
        Distribution(Histogram(edge, share), quantile)
        for edge, share, quantile in zip(edges, shares, quantiles, strict=True)
    ]
    return Reference(dict(zip(names, rows[:-1], strict=True)), rows[-1])
