"""Pure functions that judge models: metrics, business cost, thresholds, intervals, calibration, drift, fairness.

Everything here takes arrays and returns numbers; no function reads or writes a file.
"""
