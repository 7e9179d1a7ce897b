"""Train the candidates, choose the champion by business cost, and register its Scorer.

Reads: a published feature version.
Writes: `train/<version>/` with the Scorer, out-of-fold predictions, models_comparison.csv and training_report.html;
in MLflow a run of the training, one of each model and trial, and a model version.
Stops on: a feature version without both classes or with fewer defaults than folds, and candidates of which none is
eligible as champion.
"""
