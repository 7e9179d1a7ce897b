"""The prediction service.

Reads: the registered Scorer, the online store.
Writes: one ledger record per decision, before it is answered.
Stops on: a missing model or feature version, at start.
"""
