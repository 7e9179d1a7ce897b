"""A release of the chart on a cluster, for tests: `make test-cluster`."""
