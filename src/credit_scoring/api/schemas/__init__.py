"""Pydantic models of what the service answers; those of what it accepts derive from the data contracts."""
