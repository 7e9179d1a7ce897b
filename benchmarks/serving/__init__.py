"""Set up, start and load a service of full size."""
