"""Why the model answers as it does: for the portfolio and for one application.

Reads: the registered Scorer and a published feature version.
Writes: `explain/<version>/` with feature_importance.csv and shap_report.html.
Stops on: a missing model or feature version.
"""
