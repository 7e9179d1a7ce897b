"""Scorers in MLflow's registry: versions, tags, aliases.

Reads and writes: the tracking server, or a SQLite database in the data folder.
Stops on: an unknown alias, a tracking server that cannot be reached.
"""
