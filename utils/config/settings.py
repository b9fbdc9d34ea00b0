"""The whole config as one annotated record: what is checked, documented in the schema, and built."""

from dataclasses import dataclass
from typing import Annotated

from base.base_augmentation import BaseAugmentation
from base.base_data_loader import BaseDataLoader
from base.base_loss import BaseLoss
from base.base_metric import BaseMetric
from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from base.base_regularizer import BaseRegularizer
from base.base_scheduler import BaseScheduler
from base.base_trainer import BaseCallback
from base.constraints import Distinct, NonNegativeInt, Pattern
from utils.config.imports import MODULE_NAME
from utils.config.trainer_settings import TrainerSettings

Name = Annotated[
    str,
    Pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}", "letters, digits, '.', '_' and '-', at most 200 (it names a folder)"),
]
ModuleName = Annotated[str, Pattern(MODULE_NAME, 'the name of a module as Python imports it, such as "my_layers"')]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that a run is made of.

    name: names the run's folders.
    arch: the network.
    data_loader: where samples come from.
    loss: what training makes small.
    optimizer: how gradients change parameters.
    trainer: how long to train, what to keep, and how the work is divided.
    seed: the source of all randomness.
    augmentation: random changes to training data, in this order.
    metrics: figures reported beside the loss.
    regularizer: a penalty on weights.
    lr_scheduler: how the learning rate changes.
    callbacks: what is done beside training, such as after each epoch; called in this order.
    imports: modules of your own, in the current folder or on Python's path, whose components can be named like the
        project's.
    """

    name: Name
    arch: BaseModel
    data_loader: BaseDataLoader
    loss: BaseLoss
    optimizer: BaseOptimizer
    trainer: TrainerSettings
    seed: NonNegativeInt = 0
    augmentation: list[BaseAugmentation] | None = None
    metrics: list[BaseMetric] | None = None
    regularizer: BaseRegularizer | None = None
    lr_scheduler: BaseScheduler | None = None
    callbacks: list[BaseCallback] | None = None
    imports: Annotated[list[ModuleName], Distinct()] | None = None
