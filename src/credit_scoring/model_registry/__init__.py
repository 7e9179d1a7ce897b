"""The model registry: Scorers as MLflow model versions, promotion gates, promotion log.

Reads and writes: the MLflow tracking server, or a SQLite database in the data directory.
Stops on: an unknown alias or version, a failed promotion gate, an unreachable tracking server.
"""
