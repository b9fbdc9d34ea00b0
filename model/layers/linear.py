"""The fully connected layer."""

from math import prod

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.constraints import PositiveInt
from base.types import Array, Shape
from model.initializers.constant import Zeros
from model.initializers.he import HeNormal


class Linear(BaseLayer):
    """y = x W + b, with W of shape (in_features, out_features), applied to the last axis of x.

    dL/dx = dL/dy W^T, dL/dW = x^T dL/dy, dL/db = the sum of dL/dy over samples.

    out_features: the size of the output.
    in_features: the size of the input (null: taken from the layer before).
    bias: whether to add b.
    initializer: the initial values of W.
    bias_initializer: the initial values of b.
    """

    def __init__(
        self,
        *,
        out_features: PositiveInt,
        in_features: PositiveInt | None = None,
        bias: bool = True,
        initializer: BaseInitializer = HeNormal(),
        bias_initializer: BaseInitializer = Zeros(),
    ) -> None:
        super().__init__()
        self.out_features = out_features
        self.in_features = in_features
        self.has_bias = bias
        self.initializer = initializer
        self.bias_initializer = bias_initializer

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape:
            raise ValueError("Linear needs samples with at least one axis, got single numbers")
        if self.in_features not in (None, input_shape[-1]):
            advice = f"set in_features to {input_shape[-1]} or leave it out"
            if self.in_features == prod(input_shape):
                advice = "put a Flatten before it"
            raise ValueError(
                f"Linear has in_features {self.in_features}, but what comes before it has {input_shape[-1]} "
                f"(shape {input_shape}); {advice}"
            )
        self.weight = self.add_parameter("weight", (input_shape[-1], self.out_features), self.initializer)
        if self.has_bias:
            self.bias = self.add_parameter("bias", (self.out_features,), self.bias_initializer)
        return (*input_shape[:-1], self.out_features)

    def forward(self, x: Array) -> Array:
        self._x = x.reshape(prod(x.shape[:-1]), x.shape[-1])
        out = self.empty((*x.shape[:-1], self.out_features), x.dtype)
        b = self.bias.value if self.has_bias else None
        self.ops.linear(self._x, self.weight.value, b, out.reshape(-1, self.out_features))
        return out

    def backward(self, dy: Array) -> Array | None:
        rows = dy.reshape(-1, self.out_features)
        self.ops.linear_weight_gradient(self._x, rows, self.weight.grad, self.bias.grad if self.has_bias else None)
        if not self.needs_input_gradient:
            return None
        dx = self.empty(self._x.shape, dy.dtype)
        self.ops.linear_input_gradient(rows, self.weight.value, dx)
        return dx.reshape(*dy.shape[:-1], dx.shape[-1])
