"""Credit scoring platform: from raw tables to explained, recorded and replayable decisions."""

import os
from importlib.metadata import version

# Set before any OpenMP library loads: threads that wait by spinning make LightGBM up to fifty times slower as soon as
# another process wants the same cores, as in CI or in a container with a CPU limit.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

__version__ = version("credit-scoring")
