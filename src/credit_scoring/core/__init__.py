"""What every room may use: settings, storage, manifests, errors, logs, and where buckets are computed.

Imports no other room.
"""
