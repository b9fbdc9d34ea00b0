"""A model around any layer, to build and bind it as training does."""

import numpy as np

from base.base_layer import BaseLayer, RandomContext
from base.base_model import BaseModel
from base.random_streams import RandomStreams
from base.types import Array, Shape
from ops.ops import Ops

STREAMS = RandomStreams(seed=309)


class OneLayer(BaseModel):
    """The network that is one given layer."""

    def __init__(self, layer: BaseLayer) -> None:
        super().__init__()
        self.layer = layer

    def network(self) -> BaseLayer:
        return self.layer


def built(layer: BaseLayer, input_shape: Shape, dtype: str = "float64", ops: Ops | None = None) -> BaseModel:
    """The layer in a model, as a shard holds it, whose parameters, biases too, are all different from 0."""
    return replica(OneLayer(layer), input_shape, dtype, ops)


def replica(model: BaseModel, input_shape: Shape, dtype: str = "float64", ops: Ops | None = None) -> BaseModel:
    """A replica of a model with random parameters, as shard 0 holds it in step 0."""
    model.build(input_shape, STREAMS, dtype, ops)
    model.values[...] = np.random.default_rng(1).standard_normal(len(model.values))
    return model.replica(RandomContext(STREAMS, shard=0))


def batch(count: int, shape: Shape, dtype: str = "float64") -> Array:
    """Random numbers of either sign, none of them near 0, where activations have kinks."""
    x = np.random.default_rng(2).standard_normal((count, *shape))
    return np.asarray(np.where(x < 0, x - 0.1, x + 0.1), dtype)
