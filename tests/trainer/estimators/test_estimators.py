"""Estimators train as the trainer does, in memory, and work in scikit-learn's machinery."""

import io
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from joblib.externals.loky import get_reusable_executor
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_digits
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from base.types import Array
from model.losses.cross_entropy import CrossEntropyLoss
from trainer.estimators import NetworkClassifier, NetworkRegressor
from trainer.estimators.network import is_a_worker

Data = tuple[Array, Array]
FAST = {"type": "Adam", "args": {"lr": 0.02}}
SMALL = {"type": "MLP", "args": {"layer_sizes": [None, 16, None]}}


@pytest.fixture(scope="module", autouse=True)
def _joblib() -> Iterator[None]:
    """End joblib's processes, which wait for more work, before tests that count this process' children."""
    yield
    get_reusable_executor().shutdown(wait=True)


def quick(**params: Any) -> NetworkClassifier:
    """A classifier that takes a fraction of a second."""
    return NetworkClassifier(**({"arch": SMALL, "optimizer": FAST, "epochs": 30, "random_state": 0} | params))


def test_it_predicts_classes_of_any_type(iris: Data) -> None:
    x, names = iris
    estimator = quick().fit(x, names)
    assert estimator.score(x, names) > 0.9
    assert estimator.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    numbers = np.unique(names, return_inverse=True)[1] * 2.0 - 1
    assert set(quick().fit(x, numbers).predict(x)) == {-1.0, 1.0, 3.0}
    assert set(quick().fit(x, names == "setosa").predict(x)) == {True, False}


@pytest.mark.parametrize("loss", ["HingeLoss", "MSELoss"])
def test_only_losses_of_probabilities_have_predict_proba(loss: str, iris: Data) -> None:
    estimator = quick(loss=loss).fit(*iris)
    assert not hasattr(estimator, "predict_proba")
    assert estimator.score(*iris) > 0.8
    assert quick().fit(*iris).predict_proba(iris[0]).sum(axis=1) == pytest.approx(1)


def test_a_single_output_says_which_of_two_classes(iris: Data) -> None:
    x, kinds = iris[0], np.where(iris[1] == "setosa", "setosa", "other")
    arch = {"type": "MLP", "args": {"layer_sizes": [None, 16, 1]}}
    estimator = quick(arch=arch, loss="BCEWithLogitsLoss").fit(x, kinds)
    assert estimator.score(x, kinds) == 1.0
    assert estimator.predict_proba(x).shape == (150, 2)


def test_a_single_class_is_always_predicted(iris: Data) -> None:
    estimator = quick(epochs=1).fit(iris[0], np.full(150, "one"))
    assert set(estimator.predict(iris[0])) == {"one"}
    assert (estimator.predict_proba(iris[0]) == 1).all()


def test_it_computes_in_the_type_of_x(iris: Data) -> None:
    x, names = iris
    for dtype in ("float32", "float64"):
        assert quick(epochs=1).fit(x.astype(dtype), names).predict_proba(x).dtype == dtype
        assert quick(epochs=1, dtype=dtype).fit(x, names).predict_proba(x).dtype == dtype
    assert quick(epochs=1).fit((x * 10).astype(int), names).predict_proba(x).dtype == "float64"


def test_images_are_given_as_they_are() -> None:
    digits = load_digits()
    images = digits.images[..., None].astype(np.float32) / 16
    cnn = {"type": "CNN", "args": {"channels": [8], "kernel_size": [3], "hidden_sizes": [16]}}
    estimator = quick(arch=cnn, epochs=4, metrics=["accuracy"], batch_size=64).fit(images, digits.target)
    assert estimator.score(images, digits.target) > 0.5
    assert len(estimator.history_["accuracy"]) == 4
    with pytest.raises(ValueError, match=r"shape \(8, 7, 1\), but \(8, 8, 1\) were trained on"):
        estimator.predict(images[:, :, :7])


def test_fit_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, iris: Data) -> None:
    monkeypatch.chdir(tmp_path)
    quick(early_stopping=True, trainer={"ema": {"decay": 0.9}}).fit(*iris)
    with pytest.raises(ValueError, match="became infinite") as error:
        NetworkRegressor(optimizer={"type": "SGD", "args": {"lr": 1e200}}, random_state=0).fit(iris[0], iris[0][:, 0])
    assert "state" not in str(error.value)
    assert os.listdir() == []


def test_verbose_shows_epochs(capsys: pytest.CaptureFixture[str], iris: Data) -> None:
    quick(epochs=2).fit(*iris)
    assert capsys.readouterr().out == ""
    quick(epochs=2, verbose=True).fit(*iris)
    assert "epoch 2/2" in capsys.readouterr().out


def test_partial_fits_are_the_epochs_of_a_fit(iris: Data) -> None:
    scheduled = {"lr_scheduler": {"type": "CosineAnnealingLR", "args": {}}, "batch_size": 32, "epochs": 5}
    whole, parts = quick(**scheduled).fit(*iris), quick(**scheduled)
    for _ in range(5):
        parts.partial_fit(*iris, classes=np.unique(iris[1]))
    assert (parts.predict_proba(iris[0]) == whole.predict_proba(iris[0])).all()
    assert parts.history_["loss"] == whole.history_["loss"]
    parts.partial_fit(*iris)
    assert parts.n_iter_ == 6


def test_partial_fit_goes_on_after_pickling_with_what_may_change(iris: Data) -> None:
    estimator = quick().partial_fit(*iris, classes=np.unique(iris[1]))
    copied = pickle.loads(pickle.dumps(estimator))
    assert (
        copied.partial_fit(*iris).predict_proba(iris[0]) == estimator.partial_fit(*iris).predict_proba(iris[0])
    ).all()
    copied.set_params(optimizer={"type": "SGD", "args": {"lr": 0.1}}).partial_fit(*iris)
    with pytest.raises(ValueError, match="none of the classes"):
        estimator.partial_fit(iris[0], np.full(150, "rose"))
    with pytest.raises(ValueError, match="early_stopping"):
        quick(early_stopping=True).partial_fit(*iris, classes=np.unique(iris[1]))


def test_warm_start_begins_with_the_weights_that_there_are(iris: Data) -> None:
    estimator = quick(warm_start=True).fit(*iris)
    first = estimator.history_["loss"]
    assert estimator.fit(*iris).history_["loss"][0] < first[-1] < first[0]
    assert estimator.n_iter_ == 30
    with pytest.raises(ValueError, match="warm_start: y has the classes"):
        estimator.fit(iris[0], iris[1] == "setosa")
    assert quick(warm_start=False).fit(*iris).fit(*iris).history_["loss"] == first


def test_early_stopping_keeps_the_best_epoch(iris: Data) -> None:
    x = iris[0] + np.random.default_rng(0).normal(size=iris[0].shape)
    estimator = quick(early_stopping=True, validation_fraction=0.3, n_iter_no_change=5, epochs=500).fit(x, iris[1])
    losses = estimator.history_["val_loss"]
    best = int(np.argmin(losses))
    assert estimator.n_iter_ == best + 6 < 500
    assert estimator.network_.checkpoint.meta["epoch"] == best + 1


def test_nothing_is_held_out_by_default_and_small_data_are_one_batch(iris: Data) -> None:
    estimator = quick(epochs=3).fit(*iris)
    assert estimator.history_["step"] == [1, 2, 3]
    assert "val_loss" not in estimator.history_


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"loss": {"type": "CrossEntropyLoss", "args": {"weight": [1.0, 2.0, 3.0]}}},
        {"loss": "HingeLoss", "trainer": {"shards": 3}},
    ],
    ids=["default", "class weights", "shards"],
)
def test_a_weight_of_n_is_n_samples(params: dict[str, Any], iris: Data) -> None:
    weights = np.random.default_rng(3).integers(0, 4, 150)
    weighted = quick(batch_size=1000, **params).fit(*iris, sample_weight=weights)
    repeated = quick(batch_size=1000, **params).fit(np.repeat(iris[0], weights, 0), np.repeat(iris[1], weights))
    outputs = [estimator.network_.outputs(iris[0]) for estimator in (weighted, repeated)]
    np.testing.assert_allclose(*outputs, rtol=1e-8)


def test_weights_hold_for_validation(iris: Data) -> None:
    order = np.random.default_rng(0).permutation(150)
    x, kinds, weights = iris[0][order], iris[1][order], np.linspace(1, 9, 150)
    last_half = {"split": {"by": "order"}, "stratify": False}
    args = {"data_loader": last_half, "validation_fraction": 0.5, "early_stopping": True, "trainer": {"shards": 3}}
    estimator = quick(**args).fit(x, kinds, sample_weight=weights)
    rows, columns = np.arange(75, 150), np.searchsorted(estimator.classes_, kinds[75:])
    losses = -np.log(estimator.predict_proba(x)[rows, columns])
    assert min(estimator.history_["val_loss"]) == pytest.approx(np.average(losses, weights=weights[75:]), rel=1e-12)


def test_the_same_weights_are_none(iris: Data) -> None:
    fitted = [quick(batch_size=40).fit(*iris, sample_weight=weight) for weight in (None, np.full(150, 7.0))]
    assert fitted[0].history_["loss"] == fitted[1].history_["loss"]


def test_weights_that_nothing_can_be_done_with_are_refused(iris: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="zero"):
        quick().fit(*iris, sample_weight=np.zeros(150))
    with pytest.raises(ValueError, match="egative"):
        quick().fit(*iris, sample_weight=np.linspace(-1, 1, 150))
    weights = np.linspace(1, 2, 150)
    with pytest.raises(ValueError, match="cannot be mixed"):
        quick(augmentation=["Mixup"]).fit(*iris, sample_weight=weights)

    def forward(self: object, output: Array, target: Array, loss_denominator: float) -> float:
        raise AssertionError

    monkeypatch.setattr(CrossEntropyLoss, "forward", forward)
    with pytest.raises(ValueError, match=r"CrossEntropyLoss\.forward takes no sample_weight"):
        quick().fit(*iris, sample_weight=weights)


def test_a_regressor_predicts_one_number_or_more() -> None:
    x, y = load_diabetes(return_X_y=True)
    regressor = NetworkRegressor(arch=SMALL, optimizer=FAST, data_loader={"normalize": "standardize"}, random_state=0)
    assert cross_val_score(regressor, x, y, cv=3).min() > 0.35
    both = np.stack([y, -y], axis=1)
    assert regressor.set_params(epochs=5).fit(x, both).predict(x).shape == (442, 2)
    assert regressor.fit(x, y[:, None]).predict(x).shape == (442, 1)
    assert regressor.partial_fit(x, y[:, None]).n_iter_ == 6


def test_it_works_in_a_search_over_a_pipeline(iris: Data) -> None:
    pipeline = Pipeline([("scale", StandardScaler()), ("net", quick(optimizer="Adam"))])
    grid = {"net__optimizer__lr": [1e-5, 0.02], "net__arch__layer_sizes": [(None, 8, None), [None, 8, 8, None]]}
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=2).fit(*iris)
    assert search.best_params_["net__optimizer__lr"] == 0.02
    assert search.score(*iris) > 0.9
    alone = clone(pipeline).set_params(**search.best_params_).fit(*iris)
    assert (alone.predict_proba(iris[0]) == search.predict_proba(iris[0])).all()


def test_results_are_the_same_in_joblibs_threads_and_processes(iris: Data) -> None:
    here = cross_val_score(quick(batch_size=16), *iris, cv=3)
    for backend in ("threading", "loky"):
        with joblib.parallel_config(backend=backend, n_jobs=2):
            assert cross_val_score(quick(batch_size=16), *iris, cv=3).tolist() == here.tolist()
            assert joblib.Parallel()(joblib.delayed(is_a_worker)() for _ in range(2)) == [True, True]
    assert not is_a_worker()


def test_a_network_of_another_form_goes_on_with_nothing_and_stays_as_it_was(iris: Data) -> None:
    x = iris[0]
    regressor = NetworkRegressor(arch=SMALL, epochs=2, random_state=0, warm_start=True).fit(x, x[:, 0])
    expected = regressor.predict(x)
    both = x[:, :2]
    for train in (regressor.fit, regressor.partial_fit):
        with pytest.raises(ValueError, match=r"model/linear2\.bias: the model has \(2,\).*\n.*\nthe network that is"):
            train(x, both)
        assert (regressor.predict(x) == expected).all()
    classifier = quick().fit(*iris).set_params(arch__layer_sizes=[None, 7, None])
    with pytest.raises(ValueError, match=r"model/linear1\.bias: the model has \(7,\)"):
        classifier.partial_fit(*iris)


@pytest.mark.parametrize("ops", ["auto", "numpy"])
def test_many_samples_are_predicted_on_all_cores_with_the_same_bits(
    ops: str, iris: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = [
        {"type": "Linear", "args": {"out_features": 8}},
        "BatchNorm1D",
        "Dropout",
        {"type": "Linear", "args": {"out_features": 3}},
    ]
    arch = {"type": "Sequential", "args": {"layers": layers}}
    estimator = quick(arch=arch, trainer={"ops": ops}, epochs=2).fit(*iris)
    many = np.tile(iris[0], (3, 1))
    seconds = {"alone": np.inf, "all cores": 0.0, "alone again": np.inf}
    found = {}
    for how, alone in seconds.items():
        monkeypatch.setattr("trainer.estimators.network.ALONE_SECONDS", alone)
        found[how] = estimator.predict_proba(many).tobytes()
    assert len({*found.values()}) == 1


def test_pickle_and_joblib_keep_all_of_it(iris: Data, tmp_path: Path) -> None:
    estimator = quick(trainer={"ema": {"decay": 0.9}}).fit(*iris)
    joblib.dump(estimator, tmp_path / "network.joblib")
    stream = io.BytesIO(pickle.dumps(estimator))
    for loaded in (pickle.load(stream), joblib.load(tmp_path / "network.joblib", mmap_mode="r")):
        assert (loaded.predict_proba(iris[0]) == estimator.predict_proba(iris[0])).all()
        assert loaded.history_ == estimator.history_


def test_it_is_a_network_of_scikit_learns_size_by_default(iris: Data) -> None:
    ours, theirs = NetworkClassifier(), MLPClassifier()
    assert (ours.epochs, ours.validation_fraction) == (theirs.max_iter, theirs.validation_fraction)
    ours.set_params(epochs=1).fit(*iris)
    shapes = {name: array.shape for name, array in ours.network_.checkpoint.state["model"].items()}
    assert shapes["linear1.weight"] == (4, *np.atleast_1d(theirs.hidden_layer_sizes))


def test_components_and_callbacks_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, iris: Data) -> None:
    (tmp_path / "own_parts_of_estimators.py").write_text(
        "from base.base_trainer import BaseCallback\n"
        "from model.losses.cross_entropy import CrossEntropyLoss\n"
        "class OwnLoss(CrossEntropyLoss):\n    pass\n"
        "class Says(BaseCallback):\n"
        "    def on_epoch_end(self, trainer, record):\n        print('epoch', record['epoch'])\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    estimator = quick(loss="OwnLoss", callbacks=["Says"], imports=["own_parts_of_estimators"], epochs=2)
    assert hasattr(estimator, "predict_proba")
    assert pickle.loads(pickle.dumps(estimator.fit(*iris))).score(*iris) == estimator.score(*iris)
    with pytest.raises(ValueError, match=r"callbacks\.0 \(ParameterNorms\)"):
        quick(callbacks=["ParameterNorms"]).fit(*iris)
