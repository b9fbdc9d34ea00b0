"""The multi-layer perceptron."""

import copy
from typing import Annotated

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.constraints import Fraction, Length, PositiveInt
from model.initializers.constant import Zeros
from model.initializers.he import HeNormal
from model.layers.activations import ReLU
from model.layers.batch_norm import BatchNorm1D
from model.layers.dropout import Dropout
from model.layers.linear import Linear
from model.layers.sequential import Sequential
from model.layers.shape import Flatten


class MLP(BaseModel):
    """Flatten, then Linear layers; after each but the last an activation.

    A hidden Linear is followed by BatchNorm1D if asked for, the activation, and Dropout if asked for.

    layer_sizes: the sizes of the input, of each hidden layer, and of the output.
    activation: the layer after each hidden Linear.
    batch_norm: whether to add batch normalisation before each activation; the layers before it have no bias.
    dropout: the probability of a hidden unit to be zeroed in training.
    bias: whether the Linear layers have biases.
    initializer: the initial values of the weights.
    bias_initializer: the initial values of the biases.
    """

    def __init__(
        self,
        layer_sizes: Annotated[list[PositiveInt], Length(2)],
        activation: BaseLayer = ReLU(),
        batch_norm: bool = False,
        dropout: Fraction = 0.0,
        bias: bool = True,
        initializer: BaseInitializer = HeNormal(),
        bias_initializer: BaseInitializer = Zeros(),
    ) -> None:
        super().__init__()
        self.layer_sizes = layer_sizes
        self.activation = activation
        self.batch_norm = batch_norm
        self.dropout = dropout
        self.bias = bias
        self.initializer = initializer
        self.bias_initializer = bias_initializer

    def network(self) -> BaseLayer:
        layers: list[BaseLayer] = [Flatten()]
        for position in range(1, len(self.layer_sizes)):
            if position > 1:
                layers += self._after_hidden()
            layers.append(self._linear(position))
        return Sequential(layers)

    def _after_hidden(self) -> list[BaseLayer]:
        norm = [BatchNorm1D()] if self.batch_norm else []
        dropout = [Dropout(self.dropout)] if self.dropout else []
        return [*norm, copy.deepcopy(self.activation), *dropout]

    def _linear(self, position: int) -> Linear:
        is_last = position == len(self.layer_sizes) - 1
        return Linear(
            in_features=self.layer_sizes[position - 1],
            out_features=self.layer_sizes[position],
            bias=self.bias and (is_last or not self.batch_norm),
            initializer=self.initializer,
            bias_initializer=self.bias_initializer,
        )
