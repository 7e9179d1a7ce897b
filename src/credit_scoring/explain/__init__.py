"""Explanations of the registered model: SHAP values, reasons, counterfactuals, importance, example cases.

Reads: the registered Scorer, the published feature version, and the fold models of its training (step ``train``).
Writes: step ``explain``: feature_importance.csv, native_importance.csv, concept_importance.csv, feature_selection.csv,
shap_report.html, plots, and portfolio_explanation.json, which the documents of `governance` are written from.
Stops on: no registered model, no published version, a model family without exact contributions.
"""
