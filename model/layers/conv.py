"""The convolutional layer for images."""

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.constraints import PositiveInt
from base.types import Array, Shape
from model.initializers.constant import Zeros
from model.initializers.he import HeNormal
from model.kernel_geometry import Padding, kernel_geometry
from model.windows import Lengths, image_size, pair


class Conv2D(BaseLayer):
    """Convolution (cross-correlation, as in PyTorch) with kernels K, plus a bias b. LeCun et al., Proc. IEEE 86, 1998.

    Channels are last: (N, H, W, in_channels) becomes (N, H', W', out_channels), and K is (kernel height, kernel width,
    in_channels / groups, out_channels), HWIO, where PyTorch has OIHW.
    H' = (H + padding at top and bottom - dilation * (kernel_size - 1) - 1) // stride + 1, and W' alike.

    With P the patch of pixels under each kernel position, one row each (im2col): y = P K + b, dL/dK = P^T dL/dy,
    dL/db = the sum of dL/dy over samples and spatial positions. dL/dx = dL/dy K^T, each patch's gradient added to the
    pixels that it was taken from (col2im).

    out_channels: the number of output channels.
    kernel_size: height and width of the kernel, as one number or a pair.
    stride: the step from one kernel position to the next, as one number or a pair.
    padding: zeros added on each side, as one number or a pair ("valid": none; "same": as many as keep the size).
    dilation: the spacing between kernel elements, as one number or a pair.
    groups: the number of groups that channels are divided into; outputs of a group are computed from its inputs only.
    bias: whether to add b.
    in_channels: the number of input channels (null: taken from the layer before).
    initializer: the initial values of K.
    bias_initializer: the initial values of b.
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
        self.geometry, output_size = kernel_geometry(size, kernel, stride, self.padding, dilation, self.groups)
        self.weight = self.add_parameter(
            "weight", (*kernel, channels // self.groups, self.out_channels), self.initializer
        )
        if self.has_bias:
            self.bias = self.add_parameter("bias", (self.out_channels,), self.bias_initializer)
        return (*output_size, self.out_channels)

    def forward(self, x: Array) -> Array:
        assert self.output_shape is not None
        self._x = x
        y = self.empty((len(x), *self.output_shape), x.dtype)
        return self.ops.conv2d(x, self.weight.value, self.bias.value if self.has_bias else None, self.geometry, y)

    def backward(self, dy: Array) -> Array | None:
        db = self.bias.grad if self.has_bias else None
        self.ops.conv2d_weight_gradient(self._x, dy, self.geometry, self.weight.grad, db)
        if not self.needs_input_gradient:
            return None
        dx = self.empty(self._x.shape, dy.dtype)
        return self.ops.conv2d_input_gradient(dy, self.weight.value, self.geometry, dx)

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
