"""Layers one after the other."""

from collections import Counter

from base.base_layer import BaseLayer
from base.types import Array, Shape


class Sequential(BaseLayer):
    """Applies its layers in order: y = f_n(...f_2(f_1(x))).

    layers: the layers, first to last. They are named by type and number: linear1, relu1, linear2, ...
    """

    def __init__(self, layers: list[BaseLayer]) -> None:
        super().__init__()
        counts: Counter[str] = Counter()
        for layer in layers:
            kind = type(layer).__name__.lower()
            counts[kind] += 1
            self.children[f"{kind}{counts[kind]}"] = layer
        self._chain = list(self.children.values())

    def build(self, input_shape: Shape) -> Shape:
        shape = input_shape
        for name, layer in self.children.items():
            try:
                shape = layer.connect(shape)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
        return shape

    def forward(self, x: Array) -> Array:
        for layer in self._chain:
            x = layer.forward(x)
        return x

    def backward(self, dy: Array) -> Array | None:
        chain = self._chain if self.needs_input_gradient else _from_first_trained(self._chain)
        current: Array | None = dy
        for layer in reversed(chain):
            assert current is not None  # only the first layer may return None
            layer.needs_input_gradient = self.needs_input_gradient or layer is not chain[0]
            current = layer.backward(current)
        return current if self.needs_input_gradient else None


def _from_first_trained(chain: list[BaseLayer]) -> list[BaseLayer]:
    trained = [index for index, layer in enumerate(chain) if has_parameters(layer)]
    return chain[trained[0] :] if trained else []


def has_parameters(layer: BaseLayer) -> bool:
    """True if the layer, or one inside it, has parameters."""
    return bool(layer.parameters) or any(has_parameters(child) for child in layer.children.values())
