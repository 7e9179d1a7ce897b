"""How ``calibration.json`` is made; not needed to generate tables.

Reads ``profile.json`` (published figures of the full tables, and estimates where nothing is published) and, for what a
profile of single columns cannot say (how columns hang together), a folder of real rows. Keeps only shares, quantiles
and correlations. Writes ``calibration.json``. Stops when a column of the profile has no figures.
"""
