"""The container of layers in a row."""

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
        self._layers = list(self.children.values())

    def build(self, input_shape: Shape) -> Shape:
        shape = input_shape
        for name, layer in self.children.items():
            try:
                shape = layer.connect(shape)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
        return shape

    def forward(self, x: Array) -> Array:
        for layer in self._layers:
            x = layer.forward(x)
        return x

    def backward(self, dy: Array) -> Array | None:
        layers = self._layers if self.needs_input_gradient else _from_first_with_parameters(self._layers)
        gradient: Array | None = dy
        for layer in reversed(layers):
            assert gradient is not None  # only the first layer may return None
            layer.needs_input_gradient = self.needs_input_gradient or layer is not layers[0]
            gradient = layer.backward(gradient)
        return gradient if self.needs_input_gradient else None


def _from_first_with_parameters(layers: list[BaseLayer]) -> list[BaseLayer]:
    """The layers that backward has to reach: those before have no gradients to write."""
    indices = [index for index, layer in enumerate(layers) if has_parameters(layer)]
    return layers[indices[0] :] if indices else []


def has_parameters(layer: BaseLayer) -> bool:
    """True if the layer, or one inside it, has parameters."""
    return bool(layer.parameters) or any(has_parameters(child) for child in layer.children.values())
