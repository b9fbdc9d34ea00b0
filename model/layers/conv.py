"""Convolution of images."""

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.constraints import PositiveInt
from base.types import Array, Shape
from model.initializers.constant import Zeros
from model.initializers.he import HeNormal
from model.kernel_geometry import Padding, kernel_geometry
from model.windows import Lengths, image_size, pair


class Conv2D(BaseLayer):
    """Each output is b plus the sum of a kernel W times the pixels under it. LeCun et al., Proc. IEEE 86, 1998.

    (N, H, W, in_channels) becomes (N, H', W', out_channels), H' = (H + padding above and below
    - dilation * (kernel_size - 1) - 1) // stride + 1, and W' alike. W is (kernel height, kernel width,
    in_channels / groups, out_channels).

    With P the pixels under each kernel, a kernel a row: y = P W + b, dL/dW = P^T dL/dy, dL/db = the sum of dL/dy over
    samples and places. dL/dx at a pixel is the sum of dL/dy W over the outputs that see it.

    out_channels: the channels of the output.
    kernel_size: height and width of a kernel, as one number or a pair.
    stride: how far a kernel is from the next.
    padding: the rows and columns of zeros on each side ("valid": none; "same": as many as keep the image's size).
    dilation: how far the pixels under a kernel are apart.
    groups: into how many groups channels are divided; the outputs of a group see its inputs only.
    bias: whether to add b.
    in_channels: the channels of the input (null: taken from the layer before).
    initializer: the first values of W.
    bias_initializer: the first values of b.
    """

    def __init__(
        self,
        *,
        out_channels: PositiveInt,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Padding = 0,
        dilation: Lengths = 1,
        groups: PositiveInt = 1,
        bias: bool = True,
        in_channels: PositiveInt | None = None,
        initializer: BaseInitializer = HeNormal(),
        bias_initializer: BaseInitializer = Zeros(),
    ) -> None:
        super().__init__()
        if padding == "same" and pair(stride) != (1, 1):
            raise ValueError(f'padding "same" needs stride 1, got stride {stride}; give the padding as numbers')
        if out_channels % groups:
            raise ValueError(f"out_channels must be a multiple of groups, {groups}, got {out_channels}")
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.has_bias = bias
        self.in_channels = in_channels
        self.initializer = initializer
        self.bias_initializer = bias_initializer

    def build(self, input_shape: Shape) -> Shape:
        size, channels = image_size("Conv2D", input_shape), input_shape[-1]
        self._check_channels(input_shape)
        kernel, stride, dilation = pair(self.kernel_size), pair(self.stride), pair(self.dilation)
        self.geometry, count = kernel_geometry(size, kernel, stride, self.padding, dilation, self.groups)
        self.weight = self.add_parameter(
            "weight", (*kernel, channels // self.groups, self.out_channels), self.initializer
        )
        if self.has_bias:
            self.bias = self.add_parameter("bias", (self.out_channels,), self.bias_initializer)
        return (*count, self.out_channels)

    def forward(self, x: Array) -> Array:
        assert self.output_shape is not None
        self._x = x
        y = self.empty((len(x), *self.output_shape), x.dtype)
        return self.ops.conv2d(x, self.weight.value, self.bias.value if self.has_bias else None, self.geometry, y)

    def backward(self, grad: Array) -> Array | None:
        db = self.bias.grad if self.has_bias else None
        self.ops.conv2d_weight_gradient(self._x, grad, self.geometry, self.weight.grad, db)
        if not self.needs_input_gradient:
            return None
        dx = self.empty(self._x.shape, grad.dtype)
        return self.ops.conv2d_input_gradient(grad, self.weight.value, self.geometry, dx)

    def _check_channels(self, input_shape: Shape) -> None:
        channels = input_shape[-1]
        if self.in_channels not in (None, channels):
            raise ValueError(
                f"Conv2D has in_channels {self.in_channels}, but what comes before it has {channels} "
                f"(shape {input_shape}); set in_channels to {channels} or leave it out"
            )
        if channels % self.groups:
            raise ValueError(
                f"Conv2D divides channels into {self.groups} groups, but what comes before it has {channels} channels "
                f"(shape {input_shape}); their number must be a multiple of groups"
            )
