"""Every component that a config can name has rows in its family's table: what it does, and what it refuses."""

import re
from types import ModuleType
from typing import Any

import pytest

from base.base_augmentation import BaseAugmentation
from base.base_data_loader import BaseDataLoader
from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.base_loss import BaseLoss
from base.base_metric import BaseMetric
from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from base.base_pruner import BasePruner
from base.base_regularizer import BaseRegularizer
from base.base_sampler import BaseSampler
from base.base_scheduler import BaseScheduler
from base.base_trainer import BaseCallback
from tests.cases import (
    architectures,
    augmentation,
    callbacks,
    data_loaders,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    pruners,
    regularizers,
    samplers,
    schedulers,
)
from tests.cases.case import refusal
from utils.config.registry import FAMILIES, Family, members

TABLES: dict[type, ModuleType] = {
    BaseAugmentation: augmentation,
    BaseCallback: callbacks,
    BaseDataLoader: data_loaders,
    BaseInitializer: initializers,
    BaseLayer: layers,
    BaseLoss: losses,
    BaseMetric: metrics,
    BaseModel: architectures,
    BaseOptimizer: optimizers,
    BasePruner: pruners,
    BaseRegularizer: regularizers,
    BaseSampler: samplers,
    BaseScheduler: schedulers,
}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.label)
def test_every_component_is_in_the_table_of_its_family(family: Family) -> None:
    table = TABLES[family.base]
    where = f"{table.__name__.replace('.', '/')}.py"
    missing = set(members(family)) - {case.kind for case in table.CASES}
    assert not missing, f"add a row for each to {where}"
    missing = set(members(family)) - {kind for kind, _, _ in table.REFUSED}
    assert not missing, f"add a row of bad arguments for each to {where}"


@pytest.mark.parametrize(
    ("base", "kind", "args", "words"), [(base, *row) for base, table in TABLES.items() for row in table.REFUSED]
)
def test_arguments_that_make_no_sense_are_refused(base: type, kind: str, args: dict[str, Any], words: str) -> None:
    assert re.search(words, refusal(base, kind, args))


@pytest.mark.parametrize("table", [layers, losses, optimizers, schedulers], ids=lambda table: table.__name__)
def test_no_two_rows_share_a_name_and_so_their_reference_values(table: ModuleType) -> None:
    names = [str(case) for case in table.CASES]
    assert len(set(names)) == len(names)
