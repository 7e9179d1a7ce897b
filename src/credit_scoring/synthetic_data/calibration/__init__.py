"""How ``calibration.json`` and ``truth.json`` are made; not needed to generate tables.

Reads ``profile.json`` (published figures of the full tables, and estimates where nothing is published) and, for what a
profile of single columns cannot say (how columns hang together), a folder of real rows. Keeps only shares, quantiles
and correlations. Writes ``calibration.json``. Stops when a column of the profile has no figures.

``truth`` then draws tables by it, and writes ``truth.json``: how the true probability of default depends on what the
tables show. Make it again after every change of what is drawn.
"""
