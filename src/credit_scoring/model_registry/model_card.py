"""Tags and model card of a registered version."""

from credit_scoring.scoring.scorer import ScorerDescription

_SHOWN_METRICS = {
    "auc": "area under the ROC curve",
    "average_precision": "average precision",
    "brier_score": "Brier score",
    "cost_per_client": "business cost per client",
    "acceptance_rate": "acceptance rate",
    "default_rate": "default rate",
}

INTENDED_USE = (
    "Deciding on requests for consumer credit of people like those of the training data; every decision is recorded, "
    "and a person may review it. Not for other products, countries or purposes."
)
"""Shared by the registry and the governance documents."""
MODEL_DESCRIPTION = (
    "Probability that a loan defaults, and the decision at the threshold of lowest business cost, from the features of "
    "one application. Each version is the champion of one training; its description is its model card. The alias "
    f"`production` serves, `staging` waits for promotion. {INTENDED_USE}"
)


def tags_of(description: ScorerDescription) -> dict[str, str]:
    """Tags of a version, for `model list` and searches in MLflow."""
    metrics = {name: f"{description.metrics[name]:.6g}" for name in _SHOWN_METRICS if name in description.metrics}
    return metrics | {
        "family": description.family,
        "threshold": f"{description.threshold:.6g}",
        "source": description.source,
        "synthetic": str(description.source == "synthetic").lower(),
        "feature_version": str(description.feature_version),
        "feature_fingerprint": description.feature_fingerprint,
        "feature_count": str(len(description.feature_names)),
        "code_version": description.code_version,
        "model_hash": description.model_hash,
        "trained_at": description.trained_at.isoformat(timespec="seconds"),
    }


def model_card(description: ScorerDescription) -> str:
    """Description of the version in the registry, as Markdown."""
    is_synthetic = description.source == "synthetic"
    label = " (synthetic)" if is_synthetic else ""
    clients = description.metrics.get("clients")
    figures = [
        f"| {meaning}{label} | {description.metrics[name]:.4f} |"
        for name, meaning in _SHOWN_METRICS.items()
        if name in description.metrics
    ]
    lines = [
        f"**Probability of default: {description.family}, {len(description.feature_names)} features.**",
        "",
        f"Trained {description.trained_at:%Y-%m-%d %H:%M} UTC by program version {description.code_version} on feature "
        f"version {description.feature_version} ({description.feature_fingerprint})"
        + (f", {clients:,.0f} applications" if clients else "")
        + f", {description.source} data.",
        "",
        "| figure, out of fold | value |",
        "|---|---|",
        *figures,
        "",
        f"**Decision.** Refused at a probability of {description.threshold:.4f} or more: the threshold with the lowest "
        "business cost out of fold. Probabilities are calibrated.",
        "",
        f"**Intended use.** {INTENDED_USE}",
    ]
    if is_synthetic:
        lines += [
            "",
            "**Synthetic data.** These figures do not describe real clients; this version must not decide on them.",
        ]
    return "\n".join(lines)
