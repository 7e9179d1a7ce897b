"""Names of what training leaves beside a Scorer, for whoever explains it on clients it never saw."""

TRAIN_STEP = "train"
SCORER_FOLDER = "scorer"
OUT_OF_FOLD_FILE = "out_of_fold.parquet"
ALL_PROBABILITIES_FILE = "out_of_fold_of_all_models.parquet"
FOLD_MODELS = "fold_models"
COMPARISON_FILE = "models_comparison.csv"
