"""Synthetic tables: the eight CSV files of the source for any number of clients, drawn from its published profile.

Reads:  ``calibration.json`` (shares, quantiles and correlations of the published tables; no rows), ``truth.json``.
Writes: a folder of CSV files under the source's names, ``source.json`` and ``true_probability.parquet``.
Stops on: a folder that holds something else, or cannot be written.
"""
