"""A network from the config alone."""

import copy

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from model.layers import sequential


class Sequential(BaseModel):
    """The listed layers, one after the other.

    layers: the layers, first to last.
    """

    def __init__(self, layers: list[BaseLayer]) -> None:
        super().__init__()
        self.layers = layers

    def network(self) -> BaseLayer:
        return sequential.Sequential(copy.deepcopy(self.layers))
