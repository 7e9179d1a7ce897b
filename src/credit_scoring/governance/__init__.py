"""Documents that account for a registered model: fairness audit, model card, interpretability report.

Reads: the registered Scorer, the published feature version, the explanation of both (step ``explain``), and what the
training left (step ``train``, tracked run).
Writes: step ``audit``: fairness.json, fairness_report.html, model card and interpretability report in each language as
Markdown, HTML and PDF, their pictures and the SHAP report; the verdict of the fairness gate among the files of the
version's run.
Stops on: no registered model, no published version, no explanation of this model version.
"""
