"""A network from the config alone."""

import copy

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from model.layers.sequential import Sequential


class SequentialModel(BaseModel):
    """The listed layers, one after the other.

    layers: the layers, first to last.
    """

    type_name = "Sequential"  # in a config

    def __init__(self, layers: list[BaseLayer]) -> None:
        super().__init__()
        self.layers = layers

    def network(self) -> BaseLayer:
        return Sequential(copy.deepcopy(self.layers))
