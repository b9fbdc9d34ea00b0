"""Sections of the config are parameters, stored as given."""

from typing import Any

import pytest
from sklearn.base import clone

from trainer.estimators import NetworkClassifier, NetworkRegressor

SGD = {"type": "SGD", "args": {"lr": 0.1, "groups": [{"names": ["*.bias"], "lr": 0.2}]}}


def test_a_section_is_stored_as_it_is_given() -> None:
    estimator = NetworkClassifier(optimizer=SGD)
    assert estimator.optimizer is SGD
    assert clone(estimator).optimizer == SGD


def test_arguments_have_names_at_any_depth() -> None:
    params = NetworkClassifier(optimizer=SGD, trainer={"grad_clip": {"norm": 1.0}}).get_params()
    assert params["optimizer__lr"] == 0.1
    assert params["optimizer__groups__0__lr"] == 0.2
    assert params["trainer__grad_clip__norm"] == 1.0
    assert "optimizer__lr" not in NetworkClassifier(optimizer=SGD).get_params(deep=False)


def test_setting_an_argument_leaves_the_given_section_alone() -> None:
    estimator = NetworkClassifier(optimizer=SGD).set_params(optimizer__lr=0.5, optimizer__groups__0__lr=0.7)
    assert estimator.optimizer == {"type": "SGD", "args": {"lr": 0.5, "groups": [{"names": ["*.bias"], "lr": 0.7}]}}
    assert SGD["args"]["lr"] == 0.1  # type: ignore[index]


@pytest.mark.parametrize(
    ("params", "name", "expected"),
    [
        ({"optimizer": "SGD", "optimizer__lr": 0.3}, "optimizer", {"type": "SGD", "args": {"lr": 0.3}}),
        ({"loss__label_smoothing": 0.1}, "loss", {"type": "CrossEntropyLoss", "args": {"label_smoothing": 0.1}}),
        ({"trainer__shards": 2}, "trainer", {"shards": 2}),
        ({"data_loader__shuffle": False}, "data_loader", {"shuffle": False}),
    ],
)
def test_an_argument_of_a_bare_name_or_of_what_is_not_given(
    params: dict[str, Any], name: str, expected: dict[str, Any]
) -> None:
    assert getattr(NetworkClassifier().set_params(**params), name) == expected


@pytest.mark.parametrize("name", ["regularizer__weight", "metrics__0", "optimizer__betas__7"])
def test_an_argument_without_a_place_is_refused(name: str) -> None:
    estimator = NetworkClassifier(optimizer={"type": "Adam", "args": {"betas": [0.9, 0.99]}})
    with pytest.raises(ValueError, match=f"there is no '{name.split('__')[-1]}'"):
        estimator.set_params(**{name: 1})


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"optimizer": "Adm"}, "optimizer: unknown optimizer 'Adm'; did you mean 'Adam'"),
    ({"optimizer": {"type": "Adam", "args": {"rate": 1}}}, "optimizer.args.rate: Adam has no argument 'rate'"),
    ({"arch": 5}, "arch: expected a model"),
    ({"arch": {"type": "MLP", "args": {"layer_sizes": [3, 2]}}}, "Linear has in_features 3, but .* has 4"),
    (
        {"loss": "L1Loss", "arch": {"type": "MLP", "args": {"layer_sizes": [None, 7]}}},
        "arch and loss: .*3 classes need",
    ),
    ({"epochs": 0}, "trainer.epochs: expected a whole number of at least 1"),
    ({"batch_size": 0}, "data_loader.batch_size: expected a whole number of at least 1"),
    ({"early_stopping": True, "validation_fraction": -1.0}, "data_loader.validation_split: expected a number"),
    ({"early_stopping": True, "validation_fraction": 0}, "early_stopping needs a validation_fraction above 0"),
    ({"dtype": "float16"}, "dtype: expected"),
    ({"dtype": "double precision"}, "dtype: expected"),
    ({"verbose": "yes"}, "trainer.verbosity: expected"),
    ({"arch": {"type": "MLP", "args": {"layer_sizes": 5}}}, "arch.args.layer_sizes: expected a list"),
    ({"arch": {"type": "CNN", "args": [5]}}, "arch.args: expected an object"),
    ({"trainer": {"save_dir": "here"}}, "trainer: has no save_dir here; it takes accumulate_steps"),
    ({"trainer": "fast"}, "trainer: expected a dict"),
    ({"data_loader": {"batch_size": 3}}, "data_loader: has no batch_size here; it takes shuffle"),
    ({"trainer": {"monitor": "max val_loss"}}, "the log will have no figure 'val_loss'"),
    ({"trainer": {"shards": 300}}, "trainer.shards: expected at most 150"),
]


@pytest.mark.parametrize(("params", "message"), MISTAKES, ids=[next(iter(params)) for params, _ in MISTAKES])
def test_a_mistake_is_named_by_its_place(params: dict[str, Any], message: str, iris: Any) -> None:
    with pytest.raises(ValueError, match=message):
        NetworkClassifier(**params).fit(*iris)


def test_a_regressor_has_a_loss_of_its_own() -> None:
    assert NetworkRegressor().set_params(loss__reduction="half_sum").loss["type"] == "MSELoss"
