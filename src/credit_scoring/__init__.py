"""Credit scoring platform: from raw tables to explained, recorded and replayable decisions."""

import os
from importlib.metadata import version

# Set before any OpenMP library loads: threads that wait by spinning make LightGBM up to fifty times slower as soon as
# another process wants the same cores, as in CI or in a container with a CPU limit.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# Set before Polars loads: it gives memory back to the system after half a second, and asking for it again costs a
# tenth of the time of reading CSV files.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:5000,muzzy_decay_ms:5000")

__version__ = version("credit-scoring")
