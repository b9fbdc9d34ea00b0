"""What a search may say, and what it is told about mistakes."""

from pathlib import Path
from typing import Any

import pytest

from base.errors import ConfigError
from tests.running import Config
from tests.trainer.search.searching import planned

pytestmark = pytest.mark.usefixtures("here")

LR = "optimizer.args.lr"
TWO = [
    {"type": "SGD", "args": {"lr": {"low": 0.01, "high": 1, "log": True}, "momentum": {"choices": [0, 0.9]}}},
    {"type": "Adam", "args": {"lr": {"low": 1e-4, "high": 0.1, "log": True}, "betas": [0.9, 0.99]}},
]

MISTAKES: list[tuple[dict[str, Any], list[str]]] = [
    ({"space": {"optimizer.args.lrr": [1]}}, ["optimizer.args.lrr: SGD has no argument 'lrr'; did you mean 'lr'?"]),
    ({"space": {"optimiser.args.lr": [1, 2]}}, ["unknown key 'optimiser'; did you mean 'optimizer'?"]),
    ({"space": {"metrics.5": ["accuracy"]}}, ["space.metrics.5: ", "expected an index from 0 to 0"]),
    ({"space": {LR: [0.1, -1]}}, [f"space.{LR}: -1: expected a number above 0, got -1"]),
    ({"space": {LR: {"low": 0, "high": 1}}}, [f"space.{LR}: low: expected a number above 0, got 0"]),
    ({"space": {LR: {"low": 1, "high": 1}}}, [f"space.{LR}: low 1 is not below high 1"]),
    ({"space": {LR: {"low": 0, "high": 1, "log": True}}}, ["log needs low above 0"]),
    ({"space": {LR: {"low": 0.1, "high": 1, "step": 0.4}}}, ["do not meet high; write high 0.9"]),
    ({"space": {LR: {"low": 0.1, "high": 0.5, "step": 0.1, "log": True}}}, ["give one of log and step"]),
    ({"space": {LR: {"low": 0.1, "hihg": 0.5}}}, ["high: is missing", "'hihg'; did you mean 'high'?"]),
    ({"space": {LR: []}}, [f"space.{LR}: expected a list with at least 1"]),
    ({"space": {LR: [0.1, 0.1]}}, ["the choice 0.1 is there twice"]),
    ({"space": {}}, ["space names no key"]),
    ({"space": {"trainer.threads": [1, 2]}}, ["space.trainer.threads: is not for trials to change"]),
    ({"space": {"seed": [1, 2]}}, ["space.seed: is not for trials to change; give seeds"]),
    ({"space": {"optimizer": TWO, LR: [0.1]}}, [f"space.{LR}: changes what space.optimizer changes too"]),
    ({"overrides": {LR: 0.1}}, ["changes what", "changes too"]),
    ({"space": {"optimizer": [{"type": "SGD", "args": {"lr": {"low": 0.1}}}]}}, ["[SGD].args.lr.high: is missing"]),
    (
        {"space": {"optimizer": [{"type": "SGD", "args": {"lr": {"low": -1, "high": 1}}}, "Adam"]}},
        ["space.optimizer: \"SGD\": optimizer.args.lr: expected a number above 0, got -1"],
    ),
    ({"space": {"data_loader.args.batch_size": {"low": 1.5, "high": 8}}}, ["low: expected a whole number", "got 1.5"]),
    ({"overrides": {"trainer.epoch": 1}}, ["overrides.trainer.epoch: unknown key 'epoch'; did you mean 'epochs'?"]),
    ({"goal": "max val_acuracy"}, ["goal: the log will have no figure 'val_acuracy'; did you mean 'val_accuracy'?"]),
    ({"goal": "val_accuracy"}, ['goal: expected "min FIGURE" or "max FIGURE"']),
    ({"overrides": {"data_loader.args.validation_split": 0}}, ["val_loss' without data_loader.args.validation_split"]),
    ({"sampler": "TPE"}, ["sampler: unknown sampler 'TPE'; did you mean 'TPESampler'? Known: GridSampler, Rand"]),
    ({"pruner": "MedianPrunr"}, ["pruner: unknown pruner 'MedianPrunr'; did you mean 'MedianPruner'?"]),
    ({"sampler": "GridSampler"}, ["space.optimizer.args.momentum: a grid has no points in a range of all numbers"]),
    ({"trials": None}, ["it would never end; give trials, minutes or both"]),
    ({"seeds": [1, 1]}, ["seeds: 1 is there twice"]),
    ({"first": "best"}, ["first: expected ", "config"]),
    ({"first": True}, ["first: expected "]),
    ({"first": "config", "space": {LR: [0.2, 0.3]}}, [f"first: the config's {LR} is 0.1, which space.{LR} lacks"]),
    ({"first": "config", "space": {LR: {"low": 0.2, "high": 1}}}, ["add it there, or leave first out"]),
    ({"first": "config", "space": {LR: {"low": 0.05, "high": 0.25, "step": 0.1}}}, ["0.1, which space."]),
    ({"first": "config", "space": {"data_loader.args.batch_size": {"low": 64, "high": 128}}}, ["is 32, which"]),
    ({"first": "config", "space": {"optimizer": [TWO[1]]}}, ["the config's optimizer is {", "which space.optimizer"]),
    ({"trails": 3}, ["trails: unknown key 'trails'; did you mean 'trials'?"]),
    ({"name": "a/b"}, ["name: expected letters"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "words"), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_mistake_is_named_with_its_key_and_what_is_allowed(
    config: Config, changes: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        planned(config, **changes)
    assert str(caught.value).startswith("search.json: ")
    assert all(one in str(caught.value) for one in words), caught.value
    assert not Path("saved").exists()


def test_all_mistakes_are_named_at_once(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"^search\.json: 4 mistakes"):
        planned(config, space={LR: [-1], "arch.args.x": [1]}, goal="max nothing", sampler="None")
    with pytest.raises(ConfigError, match=r"^search\.json: 3 mistakes"):
        planned(config, space={LR: {"low": 2, "high": 1}, "arch.args.x": [1], "arch.args.layer_sizes": [[784, 0]]})
    with pytest.raises(ConfigError, match=r"^search\.json: 2 mistakes"):
        planned(config, space={LR: [-1]}, trials=None)
    with pytest.raises(ConfigError, match=r"^search\.json: 2 mistakes"):
        planned(config, space={"optimizer": [{"type": "SGD", "args": {"lr": {"low": 2, "high": 1}}}, "Adm"]})


def test_a_key_that_is_wrong_whatever_its_value_is_named_once(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"^search\.json: 1 mistake\n"):
        planned(config, space={"arch.args.x": [1, 2, 3]})


def test_a_range_has_whole_numbers_where_the_config_takes_no_others(config: Config) -> None:
    between = {"low": 2, "high": 9}
    domains = planned(config, space={LR: between, "data_loader.args.batch_size": between}).space.axes()
    assert [getattr(domain, "whole", None) for domain in domains.values()] == [False, True]


def test_components_to_choose_from_have_ranges_and_choices_of_their_own(config: Config) -> None:
    space = planned(config, space={"optimizer": TWO}).space
    names = ["optimizer", "optimizer[SGD].args.lr", "optimizer[SGD].args.momentum", "optimizer[Adam].args.lr"]
    assert list(space.axes()) == names
    assert space.values(dict(zip(names, ["SGD", 0.5, 0.9, 0.1], strict=True))) == {
        "optimizer": {"type": "SGD", "args": {"lr": 0.5, "momentum": 0.9}}
    }
    adam = space.values({"optimizer": "Adam", "optimizer[Adam].args.lr": 0.01})
    assert adam == {"optimizer": {"type": "Adam", "args": {"lr": 0.01, "betas": [0.9, 0.99]}}}


def test_a_grid_is_every_point_and_options_bring_only_points_of_their_own(config: Config) -> None:
    stepped = {"low": 0.1, "high": 0.3, "step": 0.1}
    optimizers = [{"type": "SGD", "args": {"lr": stepped, "momentum": {"choices": [0, 0.9]}}}, "Adam"]
    space = {"optimizer": optimizers, "data_loader.args.batch_size": {"low": 8, "high": 9}}
    plan = planned(config, space=space, sampler="GridSampler", trials=None)
    assert plan.limit == len(plan.points() or []) == (3 * 2 + 1) * 2
    assert len({str(point) for point in plan.points() or []}) == plan.limit


def test_the_best_config_is_without_what_was_for_trials_only(config: Config) -> None:
    plan = planned(config, goal="max val_accuracy")
    values = {LR: 0.3, "optimizer.args.momentum": 0.5}
    trial, best = plan.trial(values, 7, 1).resolved, plan.best(values).resolved
    assert (trial["trainer"]["epochs"], trial["trainer"]["monitor"], trial["seed"]) == (1, "max val_accuracy", 7)
    assert (best["trainer"]["epochs"], best["trainer"]["monitor"], best["seed"]) == (2, "min val_loss", 5)
    assert trial["optimizer"]["args"]["lr"] == best["optimizer"]["args"]["lr"] == 0.3


@pytest.mark.parametrize(
    ("space", "first"),
    [
        ({LR: [0.01, 0.1]}, {LR: 0.1}),
        ({LR: {"low": 0.01, "high": 1, "log": True}}, {LR: 0.1}),
        ({LR: {"low": 0.0125, "high": 0.2, "step": 0.0125}}, {LR: 0.1}),
        ({"data_loader.args.batch_size": {"low": 8, "high": 64, "step": 8}}, {"data_loader.args.batch_size": 32}),
        ({"data_loader.args.shuffle": [False, True]}, {"data_loader.args.shuffle": "true"}),
        ({"arch.args.layer_sizes.1": [8, 16]}, {"arch.args.layer_sizes.1": 16}),
        ({"arch.args.layer_sizes": [[784, 10], [784, 16, 10]]}, {"arch.args.layer_sizes": "[784, 16, 10]"}),
        ({"lr_scheduler": [{"type": "CosineAnnealingLR"}, None]}, {"lr_scheduler": "null"}),
        (
            {"optimizer": [TWO[1], {"type": "SGD", "args": {"lr": 0.1}}, TWO[0]]},
            {"optimizer": "SGD (2)", "optimizer[SGD (2)].args.lr": 0.1, "optimizer[SGD (2)].args.momentum": 0.9},
        ),
    ],
    ids=str,
)
def test_the_configs_own_values_can_be_the_first_setting(
    config: Config, space: dict[str, Any], first: dict[str, Any]
) -> None:
    plan = planned(config, space=space, first="config")
    assert plan.first == first
    assert plan.trial(plan.space.values(first), 5, 1).resolved == plan.trial({}, 5, 1).resolved
