"""The embedded engine."""

import os

# numpy's library for matrices, of which none is multiplied here, would start a thread for each core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
