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
        self._first_trained = 0

    def build(self, input_shape: Shape) -> Shape:
        shape = input_shape
        for name, layer in self.children.items():
            try:
                shape = layer.connect(shape)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
        trained = [index for index, layer in enumerate(self._chain) if has_parameters(layer)]
        self._first_trained = trained[0] if trained else len(self._chain)
        return shape

    def forward(self, x: Array) -> Array:
        for layer in self._chain:
            x = layer.forward(x)
        return x

    def backward(self, grad: Array) -> Array | None:
        start = 0 if self.needs_input_gradient else self._first_trained
        current: Array | None = grad
        for layer in reversed(self._chain[start:]):
            assert current is not None  # only the first layer may return None
            layer.needs_input_gradient = self.needs_input_gradient or layer is not self._chain[start]
            current = layer.backward(current)
        return current if self.needs_input_gradient else None


def has_parameters(layer: BaseLayer) -> bool:
    """Whether the layer, or one inside it, has something to train."""
    return bool(layer.parameters) or any(has_parameters(child) for child in layer.children.values())
