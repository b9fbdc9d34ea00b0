"""Losses, metrics and regularizers at work in a run."""

import json
from typing import Any

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from base.errors import ConfigError
from tests.cases import losses, metrics, regularizers
from tests.running import Config, arrays, records, run, same_bits
from trainer.experiment import prepare
from trainer.score import score
from utils.config.parser import ConfigParser

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

STILL = "optimizer.args.lr=1e-300"  # weights stay as they are
WITH_CLASSES = {case.kind: case for case in losses.CASES if case.targets == "classes" and case.output_shape != (1,)}


def sequential(last: str | None) -> str:
    """A network 784-10 that ends with a layer, as an assignment."""
    layers: list[Any] = ["Flatten", {"type": "Linear", "args": {"out_features": 10}}, *([last] if last else [])]
    return f"arch={json.dumps({'type': 'Sequential', 'args': {'layers': layers}})}"


@pytest.mark.parametrize("kind", sorted(WITH_CLASSES))
def test_every_loss_of_classes_falls_in_training(config: Config, kind: str) -> None:
    last = {"BCELoss": "Sigmoid", "NLLLoss": "LogSoftmax"}.get(kind)
    changes = ("optimizer.args.lr=0.01", "optimizer.args.momentum=0", "trainer.epochs=3")
    folder = run(config, sequential(last), f"loss={kind}", *changes)
    values = [record["val_loss"] for record in records(folder)]
    assert values[0] > values[1] > values[2]


def test_the_training_loss_with_weights_of_classes_does_not_depend_on_how_batches_fall(config: Config) -> None:
    weight = [float(number) for number in range(1, 11)]
    changes = (STILL, f'loss={{"type": "CrossEntropyLoss", "args": {{"weight": {weight}}}}}', "trainer.epochs=1")
    found = [
        records(run(config, *changes, f"data_loader.args.batch_size={size}", run_id=f"b{size}"))[0]["loss"]
        for size in (7, 32, 240)
    ]
    assert found == pytest.approx([found[0]] * 3, rel=1e-6)


def test_balanced_weights_are_those_of_the_training_part_and_hold_for_test_data(config: Config) -> None:
    config["data_loader"]["args"]["subset"] = 120
    config["arch"]["args"]["layer_sizes"] = [784, 8, 10]
    labels = prepare(ConfigParser(config)).training.read_targets(slice(None))
    weight = compute_class_weight("balanced", classes=np.arange(10), y=labels).tolist()
    runs = [
        run(config, f'loss={{"type": "CrossEntropyLoss", "args": {{"weight": {json.dumps(given)}}}}}', run_id=name)
        for name, given in (("named", "balanced"), ("given", weight))
    ]
    assert len(labels) == 96
    assert same_bits(arrays(runs[0].last), arrays(runs[1].last))
    figures = [[{**record, "seconds": 0} for record in records(folder)] for folder in runs]
    assert figures[0] == figures[1]
    for folder in runs:
        score(None, str(folder.last), [], tsne=False)
    scores = [json.loads((folder.log / "test.json").read_text()) for folder in runs]
    assert scores[0]["loss"] == scores[1]["loss"]


def test_a_class_without_training_samples_is_named() -> None:
    np.savez("cows.npz", x=np.arange(14.0).reshape(7, 2), y=["ant", "ant", "bee", "bee", "ant", "bee", "cow"])
    parts = {"split": {"by": "order"}, "validation_split": 1, "test_split": 0}
    config = {
        "name": "cows",
        "arch": {"type": "MLP", "args": {"layer_sizes": [2, 3]}},
        "data_loader": {"type": "NpzDataLoader", "args": {"path": "cows.npz", **parts}},
        "loss": {"type": "NLLLoss", "args": {"weight": "balanced"}},
        "optimizer": {"type": "SGD", "args": {"lr": 0.1}},
        "trainer": {"epochs": 1},
    }
    words = r'NLLLoss with weight "balanced" needs .* but class cow has none; take it out'
    with pytest.raises(ConfigError, match=words):
        prepare(ConfigParser(config))


def test_all_metrics_of_classes_go_into_the_log_together(config: Config) -> None:
    names = sorted({case.kind for case in metrics.CASES})
    entry = {"type": "confusion_matrix", "args": {"true_class": 1, "predicted_class": 1}}
    listed = json.dumps([entry if name == "confusion_matrix" else name for name in names])
    folder = run(config, f"metrics={listed}", "trainer.monitor=max val_f1", "trainer.epochs=1")
    (record,) = records(folder)
    assert all(np.isfinite(record[f"{part}{name}"]) for part in ("", "val_") for name in names)
    assert record["val_accuracy"] > 0.5


@pytest.mark.parametrize("case", [case for case in regularizers.CASES if case.kind != "MaxNorm"], ids=str)
def test_a_penalty_is_logged_apart_from_the_loss(config: Config, case: regularizers.RegularizerCase) -> None:
    spec = json.dumps({"type": case.kind, "args": dict(case.args)})
    plain = records(run(config, STILL, "trainer.epochs=1", run_id="plain"))[0]
    folder = run(config, STILL, f"regularizer={spec}", "trainer.epochs=1", run_id="penalised")
    weights = [arrays(folder.last)[f"model/{layer}.weight"] for layer in ("linear1", "linear2")]
    expected = sum(case.make().penalty(value) for value in weights)
    record = records(folder)[0]
    assert record["penalty"] == pytest.approx(expected, rel=1e-6)
    assert record["loss"] == plain["loss"]


@pytest.mark.parametrize("threads", [1, 2])
def test_weights_of_a_run_are_within_their_bound(config: Config, threads: int) -> None:
    bound = 'regularizer={"type": "MaxNorm", "args": {"max_norm": 0.5}}'
    folder = run(config, bound, f"trainer.threads={threads}")
    for layer in ("linear1", "linear2"):
        norms = np.linalg.norm(arrays(folder.last)[f"model/{layer}.weight"], axis=0)
        assert norms.max() == pytest.approx(0.5, rel=1e-5)
    assert records(folder)[-1]["penalty"] == 0.0
