"""What mistakes cost."""

import numpy as np


def client_costs(refused: np.ndarray, default: np.ndarray, missed_default_cost: float) -> np.ndarray:
    """What the decision about each client costs (n,), in units of a refused good client.

    Args:
        refused: (n,) whether each client is refused.
        default: (n,) 1 for a default, 0 otherwise.
    """
    costs: np.ndarray = np.where(refused, (default == 0) * 1.0, (default == 1) * missed_default_cost)
    return costs
