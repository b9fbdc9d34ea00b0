"""Log-softmax."""

from base.base_layer import BaseLayer
from base.types import Array, Shape


class LogSoftmax(BaseLayer):
    """y_i = x_i - log sum_j exp(x_j) over the last axis, shifted by the largest x so that nothing overflows.

    dL/dx_i = dL/dy_i - exp(y_i) sum_j dL/dy_j. For NLLLoss; CrossEntropyLoss takes logits and needs none before it.
    """

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape:
            raise ValueError("LogSoftmax needs samples with at least one axis, got single numbers")
        return input_shape

    def forward(self, x: Array) -> Array:
        self._y = self.ops.log_softmax(x, self.empty(x.shape, x.dtype))
        return self._y

    def backward(self, dy: Array) -> Array:
        return self.ops.log_softmax_gradient(self._y, dy, self.empty(dy.shape, dy.dtype))
