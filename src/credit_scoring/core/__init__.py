"""What every component uses: settings, storage, steps, manifests, errors, logs, and where buckets are computed.

Imports no other component.
"""
