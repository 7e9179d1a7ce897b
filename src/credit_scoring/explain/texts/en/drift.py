"""English: the drift report."""

TITLE = "Drift and performance"
SUBTITLE = "{current}, compared with {baseline}; applications: {decisions}; model: {model}; computed on {run_at}"
STATUSES = {"too few": "Too few decisions", "stable": "Stable", "warning": "Warning", "alarm": "Alarm"}
MODEL_BASELINE = "the training of model version {}"
VERSION_BASELINE = "the training clients of feature version {}"
LEDGER = "Decisions from {since} to {until}"
VERSION = "Applications of feature version {}"

SINCE = "{moved} (not stable since {date})"
SINCE_COMPARISON = "{moved} (not stable since the comparison of {date})"
DRIFTED = "{drifted} of {features} features drifted: {groups}"
DRIFTED_LITTLE = "{drifted} of {features} features drifted, too little for a warning: {groups}"
NONE_DRIFTED = "none of the {features} features drifted"
DEFAULT_RATE = (
    "{rate} of the accepted applications whose outcome became known defaulted, more than the expected {low} to {high}"
)
AND_ALSO = "{default_rate}, and {features}"
GROUP = "“{name}” with {count} features, above all “{feature}” ({change})"
SINGLE = "“{name}”: “{feature}” ({change})"
UNPHRASED_GROUP = "“{name}” with {count} features (above all: {change})"
UNPHRASED_SINGLE = "“{name}” ({change})"
SEPARATOR = "; "
MORE_GROUPS = "other groups (features: {count})"
NOTHING = "there is nothing to compare: no application was found that this model could have decided"
TOO_FEW = "too few applications could be compared: {decisions}, where a verdict needs {minimum}"
MISSING = "missing for {now} of applications instead of {before}"
HIGHER = "values higher than in the training"
LOWER = "values lower than in the training"
SMALL = "no notable change"
OTHER = "{bin}: {now} of applications instead of {before}"

COMPARE_MORE = "compare a longer window, or wait for more applications"
KEEP = "no action is needed"
CONFIRM = "no limit is exceeded; find out whether the change of “{name}” was intended"
CHECK_DATA = (
    "find out whether it is the data of “{name}” or the applicants that changed: correct the data if they are wrong, "
    "and plan a new training if they are right"
)
TRAIN_AGAIN = (
    "check the data of “{name}” today; if they are right, train a new model on recent applications, and have credit "
    "officers review decisions until it is in production"
)
REVIEW = (
    "the model now underestimates risk: have credit officers review acceptances near the threshold, and train a new "
    "model on the recent outcomes"
)
RISKIER = (
    "riskier applicants are accepted now, as the model itself predicted: check whether the threshold and the offer "
    "still suit them"
)
NEXT_WINDOW = "{action}; if the next window that shares no day with this one shows the same, an alarm is raised"

CATEGORY = "“{}”"
BELOW, EXACTLY, FROM_, ABOVE, MISSING_BIN = "below {}", "{}", "from {}", "above {}", "missing"
BEFORE, NOW = "training", "now"
SCORE = "share of drifted features"
ESTIMATED, MEASURED, EXPECTED = "estimated", "measured", "expected"
COST = "cost per client"
DEFAULT_RATE_OF_ACCEPTED = "default rate of accepted"
WHOLE, WINDOW = "all", "this window"
HISTORY_CAPTION = "Share of drifted features in each comparison, coloured by status; the dashed lines are the limits"
FEATURES_CAPTION = "The ten strongest features: share of applications in each range of values, in the training and now"
PROBABILITY_CAPTION = "Probability of default: share of applications in each range, in the training and now"
MONTHS_CAPTION = (
    "By month of decision, with 95 % intervals; measured and expected values are of decisions with known outcome"
)

ATTRIBUTES = {"client": "client", "contract type": "contract type"}
GROUPS = {
    "known": "with history",
    "new": "without history",
    "Cash loans": "cash loans",
    "Revolving loans": "revolving loans",
}
FEW = "{} (too few to compare)"
AS_ESTIMATED, BETTER, WORSE = "as estimated", "lower than estimated", "higher than estimated"
LEFT_OUT = {
    "erased": "personal data erased",
    "decided by another model": "decided by another model version",
}
NO_EVIDENTLY_PAGE = {
    "nothing to compare": "There is no page by Evidently, because too few applications could be compared.",
    "not installed": "There is no page by Evidently, because it is not installed: "
    "run `pip install 'credit-scoring[drift]'` and the comparison again.",
    "no training rows": "There is no page by Evidently, because the feature store no longer holds the applications "
    "that the model was trained on.",
}
