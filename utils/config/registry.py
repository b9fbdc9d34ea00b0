"""Families of components: a family is a folder, and every public class in its modules can be named in a config."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType

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
from base.errors import ConfigError, defect
from utils.config.imports import imported_modules, is_defined_in

Target = type | Callable[..., object]


@dataclass(frozen=True)
class Family:
    """A base class, the package that holds what is derived from it, and what one of them is called in messages."""

    base: type
    package: str
    noun: str

    @property
    def label(self) -> str:
        """The family's name in the schema."""
        return self.package.rpartition(".")[2]

    @property
    def one(self) -> str:
        """The noun with its article."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


FAMILIES: dict[type, Family] = {
    family.base: family
    for family in (
        Family(BaseLayer, "model.layers", "layer"),
        Family(BaseModel, "model.architectures", "model"),
        Family(BaseLoss, "model.losses", "loss"),
        Family(BaseMetric, "model.metrics", "metric"),
        Family(BaseRegularizer, "model.regularizers", "regularizer"),
        Family(BaseInitializer, "model.initializers", "initializer"),
        Family(BaseOptimizer, "trainer.optimizers", "optimizer"),
        Family(BaseScheduler, "trainer.schedulers", "scheduler"),
        Family(BaseDataLoader, "data_loader.loaders", "data loader"),
        Family(BaseAugmentation, "data_loader.augmentation", "augmentation"),
        Family(BaseCallback, "trainer.callbacks", "callback"),
        Family(BaseSampler, "trainer.search.samplers", "sampler"),
        Family(BasePruner, "trainer.search.pruners", "pruner"),
    )
}


def members(family: Family) -> dict[str, Target]:
    """The types of a family, in alphabetical order: of its folder, and of modules that the config imports.

    Raises ConfigError where a module of the folder cannot be imported, or where two define the same name.
    """
    return _members(family, imported_modules())


@cache
def _members(family: Family, imported: tuple[ModuleType, ...]) -> dict[str, Target]:
    found: dict[str, Target] = {}
    for module in (*_modules(family.package), *imported):
        for name, target in _public(module, family):
            if name in found:
                raise ConfigError(f"{found[name].__module__} and {module.__name__} both define {family.one} {name!r}")
            found[name] = target
    return dict(sorted(found.items()))


def type_name(target: Target) -> str:
    """The type that a config gives for a component: its name, or the `type_name` that the class states."""
    return str(vars(target).get("type_name", target.__name__))


def missing_methods(family: Family, name: str) -> list[str]:
    """The methods that a class of this name still has to define; none where there is no such class, or where it is
    what members of the family have in common, as BatchNorm is."""
    known = [target for target in members(family).values() if isinstance(target, type)]
    for module in (*_modules(family.package), *imported_modules()):
        found = vars(module).get(name)
        if isinstance(found, type) and issubclass(found, family.base) and is_defined_in(module, found):
            is_shared = any(issubclass(target, found) for target in known)
            return [] if is_shared else sorted(getattr(found, "__abstractmethods__", ()))
    return []


def _modules(package: str) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(_imported(package).__path__):
        yield _imported(f"{package}.{module.name}")


def _public(module: ModuleType, family: Family) -> Iterator[tuple[str, Target]]:
    for name, value in vars(module).items():
        is_own = is_defined_in(module, value) and getattr(value, "__name__", None) == name
        if is_own and not name.startswith("_") and (_is_member(value, family.base) or _is_score(value, family.base)):
            yield type_name(value), value


def _is_member(value: object, base: type) -> bool:
    return isinstance(value, type) and issubclass(value, base) and not inspect.isabstract(value)


def _is_score(value: object, base: type) -> bool:
    """True if it is a plain function that scores each sample, which is enough to be a metric."""
    if base is not BaseMetric or not isinstance(value, FunctionType):
        return False
    return list(inspect.signature(value).parameters)[:2] == ["output", "target"]


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:  # whatever a user's module does wrong
        raise ConfigError(f"{name.replace('.', '/')}.py cannot be imported: {defect(error)}") from error
