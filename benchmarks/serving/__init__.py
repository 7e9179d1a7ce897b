"""A service of full size to measure: how it is set up, started and put under load."""
