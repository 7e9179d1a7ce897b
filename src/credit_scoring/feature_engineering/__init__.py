"""Features of an application: what the client did before, and what this application says.

Reads: a version of the ingested tables, client bucket by client bucket.
Writes: `features/<version>/bucket=NNNN.parquet` and `population.json`, the statistics of the training applications;
`feature_catalogue.html` and `.csv`, the documentation of every feature.
Stops on: a missing ingested version, one that holds no training application, a value that breaks the declaration of
its feature.
"""
