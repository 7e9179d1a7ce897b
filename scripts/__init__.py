"""Build and check tools that are run from a checkout; not part of the installed package."""
