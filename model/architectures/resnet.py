"""The residual network."""

from typing import Annotated

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.constraints import Length, PositiveInt
from model.initializers.he import HeNormal
from model.layers.activations import ReLU
from model.layers.batch_norm import BatchNorm2D
from model.layers.conv import Conv2D
from model.layers.linear import Linear
from model.layers.pooling import GlobalAvgPool2D
from model.layers.residual import BasicBlock, Bottleneck
from model.layers.sequential import Sequential


class ResNet(BaseModel):
    """A residual network for small images: a 3 x 3 convolution, stages of blocks, global average pooling, Linear.

    Every stage but the first halves the image in its first block. As for CIFAR in He et al., "Deep residual learning",
    CVPR 2016, section 4.2.

    classes: the number of outputs.
    channels: the number of channels of each stage; the first is also that of the first convolution.
    blocks: the number of blocks of each stage, one for all or a list.
    bottleneck: whether the blocks are Bottleneck, with four times as many output channels, or BasicBlock.
    initializer: the initial values of the kernels.
    """

    def __init__(
        self,
        classes: PositiveInt,
        channels: Annotated[list[PositiveInt], Length(1)],
        blocks: PositiveInt | list[PositiveInt] = 1,
        bottleneck: bool = False,
        initializer: BaseInitializer = HeNormal(),
    ) -> None:
        super().__init__()
        self.classes = classes
        self.channels = channels
        self.blocks = blocks if isinstance(blocks, list) else [blocks] * len(channels)
        if len(self.blocks) != len(channels):
            raise ValueError(f"blocks needs one number, or one for each of the {len(channels)} stages, got {blocks}")
        self.bottleneck = bottleneck
        self.initializer = initializer

    def network(self) -> BaseLayer:
        stem = Conv2D(out_channels=self.channels[0], kernel_size=3, padding=1, bias=False, initializer=self.initializer)
        layers: list[BaseLayer] = [stem, BatchNorm2D(), ReLU()]
        for stage in range(len(self.channels)):
            layers += self._stage(stage)
        return Sequential([*layers, GlobalAvgPool2D(), Linear(out_features=self.classes)])

    def _stage(self, stage: int) -> list[BaseLayer]:
        block = Bottleneck if self.bottleneck else BasicBlock
        strides = [1 if stage == 0 else 2] + [1] * (self.blocks[stage] - 1)
        return [block(self.channels[stage], stride, initializer=self.initializer) for stride in strides]
