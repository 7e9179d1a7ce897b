"""Random forest: many decorrelated trees with leaves large enough for a default rate."""

from sklearn.ensemble import RandomForestClassifier

from credit_scoring.scoring.models.random_forest import RandomForestModel
from credit_scoring.train.families.family import Budget, Candidate, Parameters, TrainingRows

_QUICK: Parameters = {"n_estimators": 100, "max_depth": 10, "min_samples_leaf": 20, "max_features": "sqrt"}
_FULL: Parameters = {"n_estimators": 200, "max_depth": 14, "min_samples_leaf": 50, "max_features": "sqrt"}


def fit(rows: TrainingRows, parameters: Parameters) -> RandomForestModel:
    """A forest fitted on rows; the library deals with missing values itself."""
    forest = RandomForestClassifier(**parameters, random_state=0, n_jobs=rows.threads or -1)
    forest.fit(rows.features, rows.default, sample_weight=rows.weight)
    trees = (estimator.tree_ for estimator in forest.estimators_)
    return RandomForestModel.of_trees(
        (
            (tree.feature, tree.threshold, tree.children_left, tree.children_right)
            + (tree.missing_go_to_left, tree.value[:, 0, 1])
            for tree in trees
        ),
        gain=forest.feature_importances_,
    )


CANDIDATE = Candidate(
    family="random_forest",
    fit=fit,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    most_rows={Budget.QUICK: 20_000, Budget.FULL: 60_000},
    is_explainable=False,
)
