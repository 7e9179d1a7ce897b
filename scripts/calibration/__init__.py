"""Computes the two data files of ``credit_scoring.synthetic_data``; drawing tables does not need it.

``python -m scripts.calibration`` reads ``profile.json`` (published figures of the full tables, and estimates where
nothing is published) and a folder of real rows for what a profile of single columns does not contain: how columns
depend on each other. It writes ``calibration.json``: shares, quantiles and correlations, no rows. It stops when a
column of the profile has no figures.

``python -m scripts.calibration.truth`` then draws tables and writes ``truth.json``: how the true probability of default
depends on the tables. Run it again after every change of what is drawn.

``python -m scripts.calibration.comparison`` measures drawn tables against the profile (`make compare-synthetic`).
"""
