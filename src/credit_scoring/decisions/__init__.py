"""Decisions on single applications: scored by a registered Scorer, and recorded before they are answered.

Reads: the online store, the model registry.
Writes: the ledger, one row per decision; `decision_spool/` while the ledger's database is unavailable.
Stops on: a missing model or feature version, a ledger and a spool that both reject the decision.
"""
