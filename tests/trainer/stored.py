"""What a checkpoint may hold, with the numbers that are easily lost."""

from typing import Any

import numpy as np

from base.types import Array

ARRAYS: dict[str, Array] = {
    "model/linear1.weight": np.linspace(0, 1, 6, dtype=np.float32).reshape(2, 3),
    "optimizer/exp_avg/linear1.weight": np.array([[np.inf, -0.0], [5e-324, 1.0]]),
    "buffer/count": np.array(3),
}
META: dict[str, Any] = {
    "config": {"name": "x", "list": [1, 2.5, None]},
    "epoch": 3,
    "step": 12,
    "monitor": {"best": 0.1, "best_epoch": 2, "stale": 1},
    "optimizer": {"type": "Adam", "steps": 12},
    "history_lines": 3,
}
