"""What differs from its default is known at every depth."""

from typing import Any

from tests.made_run import CONFIG
from utils.config.listing import Setting, settings
from utils.config.parser import ConfigParser


def _found(**changes: Any) -> dict[str, Setting]:
    return {one.path: one for one in settings(ConfigParser(CONFIG | changes).resolved)}


def _marks(found: dict[str, Setting], *paths: str) -> list[str]:
    return [found[path].mark for path in paths]


def test_arguments_are_compared_with_their_own_constructors_defaults() -> None:
    found = _found()
    assert _marks(found, "optimizer", "optimizer.lr", "optimizer.momentum", "optimizer.nesterov") == [
        "chosen", "chosen", "changed", "default",
    ]  # fmt: skip
    assert (found["optimizer.momentum"].value, found["optimizer.momentum"].default) == (0.9, 0.0)
    assert _marks(found, "name", "seed", "trainer.epochs", "trainer.dtype") == [
        "chosen", "changed", "chosen", "default",
    ]  # fmt: skip


def test_what_is_null_by_default_and_given_differs() -> None:
    found = _found()
    assert _marks(found, "regularizer", "metrics", "augmentation") == ["changed", "changed", "default"]
    assert (found["regularizer"].value, found["regularizer"].default) == ("L2", None)
    assert found["metrics.0"].value == "accuracy"


def test_everything_below_a_default_component_is_by_default() -> None:
    found = _found()
    assert found["arch.initializer"].value == "HeNormal"
    assert {one.mark for path, one in found.items() if path.startswith("arch.initializer")} == {"default"}


def test_another_component_than_the_default_is_marked_and_its_arguments_by_its_own_defaults() -> None:
    arch = {"type": "MLP", "args": {"layer_sizes": [4, 2], "initializer": {"type": "Normal", "args": {"std": 0.5}}}}
    found = _found(arch=arch)
    assert found["arch.initializer"].mark == "changed"
    assert found["arch.initializer.std"].value == 0.5
    assert found["arch.initializer.std"].mark != "default"


def test_lists_of_components_are_walked_in_order_and_depth() -> None:
    layers = [{"type": "Linear", "args": {"out_features": 2}}, "ReLU"]
    found = _found(arch={"type": "Sequential", "args": {"layers": layers}})
    (group,) = (one for path, one in found.items() if path == "arch.layers")
    assert (group.kind, group.depth) == ("group", 1)
    assert (found["arch.layers.0"].value, found["arch.layers.1"].value) == ("Linear", "ReLU")
    assert (found["arch.layers.0.out_features"].value, found["arch.layers.0.out_features"].depth) == (2, 3)


def test_components_and_keys_that_are_no_longer_known_are_lines_of_their_own() -> None:
    resolved = ConfigParser(CONFIG).resolved | {"loss": {"type": "RemovedLoss", "args": {"a": 1}}, "removed": 3}
    found = {one.path: one for one in settings(resolved)}
    assert found["loss"].value == {"type": "RemovedLoss", "args": {"a": 1}}
    assert (found["removed"].value, found["removed"].mark) == (3, "chosen")
