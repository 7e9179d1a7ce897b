"""English: pictures and tables about the model and about single clients, for credit officers and auditors."""

from credit_scoring.explain.feature_findings import Finding, LeftOutBecause

MEASURES = {
    "mean_absolute_shap": "mean absolute SHAP value (log-odds)",
    "native_share": "share by the model's own measure",
    "auc_loss_when_permuted": "AUC lost when permuted",
}
CONCEPT_MEASURES = {
    "mean_absolute_shap": "mean change of the log-odds",
    "auc_loss_when_permuted": "AUC lost when the whole group is permuted",
}
LOG_ODDS = "change of the log-odds of default"
LOW, HIGH, FEATURE_VALUE = "low", "high", "value of the feature"
COLOURED_BY = "colour: {}\nblue low, red high"
NOT_MEASURED = "not measured"
WATERFALL_UNIT = "Unit: log-odds of default, before calibration. Red raises the risk, blue lowers it."
WATERFALL_AXIS = "log-odds of default, from the model's average {base} (top) to this client's {margin} (bottom)"
FURTHER_FEATURES = "{concept}: {count} further features"
OTHER_FEATURES = "{count} other features"
CAPTIONS = {
    "concepts": "How much each group of features moves scores; grey groups are never given as a reason",
    "importance": "The strongest features by three measures",
    "native_importance": "The strongest features by the model's own measure",
    "summary": "Each point is one application; to the right, riskier; red, a high value of the feature",
    "dependence": "How far a feature moves the score, by its value",
    "waterfall_of_concepts": "From the model's average output to this client's output, by group of features",
    "waterfall": (
        "The same by feature: the strongest, then further features by group until at least 80 % of the way is named"
    ),
}

CASE_TITLE = "Client {client} ({outcome}): {decision}, probability of default {probability} (threshold {threshold})"
OUTCOMES = {True: "defaulted", False: "repaid", None: "outcome not known"}
CASE_TEXT = (
    "The model expects a default with a probability of {probability}; the threshold is {threshold}: the application is "
    "{decision}. Most against the application: {against}. Most in its favour: {favour}. The figures are changes of the "
    "log-odds."
)
EFFECT_COLUMNS = (
    "group of features",
    "figure, as a client reads it",
    "client",
    "usual among accepted clients",
    "effect on the log-odds",
    "compared with accepted clients",
)
NO_FIGURE, PROTECTED_FIGURE = "none that a client may read", "protected, never disclosed"
NO_VALUE, NO_RECORD = "not known", "none on record"

FINDINGS = {
    Finding.INFORMATIVE: "carry information of their own",
    Finding.REDUNDANT: "redundant: nearly equal to a stronger feature",
    Finding.UNUSED: "no contribution",
}
LEFT_OUT_REASONS = {
    LeftOutBecause.KEY: "a key, says nothing about the client",
    LeftOutBecause.OUTCOME: "the outcome itself",
    LeftOutBecause.FILTER: "only selects the rows that count",
    LeftOutBecause.CONSTANT: "nearly always the same value",
    LeftOutBecause.MISSING: "nearly always missing",
    LeftOutBecause.REPEATED: "repeats other columns",
}
