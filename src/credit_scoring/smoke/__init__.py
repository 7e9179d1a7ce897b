"""Checks of a running platform, over HTTP alone: `credit-scoring smoke URL`; and the probe of containers.

Reads: the answers of the service, the key file, the example that `credit-scoring bootstrap` wrote.
Writes: nothing of its own; the service records two decisions.
Stops on: a service that cannot be reached, a file that cannot be used.

Imports nothing: the probe starts every few seconds.
"""
