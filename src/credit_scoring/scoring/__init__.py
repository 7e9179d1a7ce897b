"""The Scorer: features in, calibrated probability of default and decision out.

Training saves it, the service loads it; it is the only place where a probability is computed.
"""
