"""The Scorer: features in, calibrated probability of default and decision out.

Training saves it, the service loads it; probabilities are computed here only.
"""
