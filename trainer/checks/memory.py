"""Estimate of a run's memory, before any of it is taken."""

from __future__ import annotations

import copy
import math

import numpy as np

from base.base_model import BaseModel
from base.dataset import Dataset
from base.types import Shape
from trainer.parallel_model import SCORE_ROWS, auto_shards
from utils.config.settings import Settings
from utils.memory import available_memory, size_text


def check_memory(settings: Settings, data: Dataset) -> None:
    """Raise ValueError where a run would take more memory than there is; what layers keep for themselves is left out.

    Where the system does not say how much there is, nothing is refused.
    """
    parameters, activations = _sizes(settings.arch, data.input_shape)
    need_parameters, need_activations = _bytes(settings, parameters, activations, len(data))
    available = available_memory()
    if available is None or need_parameters + need_activations <= available:
        return
    if need_parameters > need_activations:
        raise ValueError(
            f"{parameters:,} parameters with their gradients and the optimizer's state need about "
            f"{size_text(need_parameters)}, there are {size_text(available)}; make the network smaller"
        )
    raise ValueError(
        f"the layers' outputs for a batch need about {size_text(need_activations)}, there are {size_text(available)}; "
        f"lower data_loader.args.batch_size (trainer.accumulate_steps keeps the step as it is) or make the network "
        f"smaller"
    )


def _sizes(arch: BaseModel, input_shape: Shape) -> tuple[int, int]:
    """The number of parameters, and of elements in the outputs of all layers for one sample."""
    sketch = copy.deepcopy(arch)
    sketch.connect(input_shape)
    parameters = sum(math.prod(parameter.shape) for _, parameter in sketch.named_parameters())
    return parameters, sum(math.prod(layer.output_shape or ()) for _, layer in sketch.leaves())


def _bytes(settings: Settings, parameters: int, activations: int, samples: int) -> tuple[int, int]:
    training, batch_size = settings.trainer, settings.data_loader.batch_size
    shards = auto_shards(batch_size, parameters) if training.shards == "auto" else training.shards
    state = 1 + len(settings.optimizer.slots) + (training.ema is not None)
    gradients = 1 + shards * (1 if training.accumulate_steps == 1 else 2)
    vectors = 2 * state + gradients  # the state twice: now, and as the epoch began
    rows = max(min(batch_size, samples), min(SCORE_ROWS, samples))
    itemsize = np.dtype(training.dtype).itemsize
    return vectors * parameters * itemsize, rows * activations * itemsize
