"""Documents that account for a registered model: fairness audit, model card, interpretability report.

Reads: the registered Scorer, the published feature version, what training left (``train``).
Writes: ``explain``: report, model card and interpretability report in two languages, figures as JSON and PNG.
Stops on: no registered model, no published version, a model that was trained on another machine.
"""
