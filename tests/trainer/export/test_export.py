"""export.py: the file takes samples as they are stored and says what the network says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from base.errors import CheckpointError, UserError
from base.outputs import class_probabilities, predicted_classes
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.idx import read_idx
from tests.running import PROJECT, Config, program, run
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.export.export import export, interface, onnx_model
from trainer.export.trained import Trained

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
pytestmark = [pytest.mark.onnx, pytest.mark.usefixtures("here", "no_pictures")]

Session = Any


def opened(made: Any) -> Session:
    """A model in onnxruntime."""
    return onnxruntime.InferenceSession(made.SerializeToString())


def metadata(session: Session) -> dict[str, str]:
    """What a model says of itself."""
    found: dict[str, str] = session.get_modelmeta().custom_metadata_map
    return found


def shapes(session: Session) -> dict[str, tuple[str, list[Any]]]:
    """Type and shape of each input and output."""
    return {value.name: (value.type, value.shape) for value in [*session.get_inputs(), *session.get_outputs()]}


def expected(trained: Trained) -> tuple[Array, Array]:
    """The test data's inputs as they are stored, and the network's outputs for them."""
    data = trained.settings.data_loader.load_test(RandomStreams(5))
    trained.model.eval()
    inputs = data.inputs_of(slice(None), trained.model.values.dtype)
    return np.asarray(data.inputs[data.rows]), trained.model.forward(inputs).copy()


def close(found: Array, wanted: Array | None) -> None:
    """Equal to 1e-5 of the largest value."""
    assert wanted is not None
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max(initial=0) <= 1e-5 * np.abs(wanted).max(initial=0)


def with_data(config: Config, loader: str, arch: Any, loss: Any = "CrossEntropyLoss", **args: Any) -> Config:
    """The config on other data."""
    config["data_loader"] = {"type": loader, "args": {"batch_size": 16, **args}}
    config |= {"arch": arch, "loss": loss, "metrics": []}
    config["trainer"] |= {"epochs": 1, "monitor": "min loss"}
    return config


def mlp(*sizes: int) -> dict[str, Any]:
    """A perceptron."""
    return {"type": "MLP", "args": {"layer_sizes": [*sizes]}}


def test_bytes_of_images_give_names_and_probabilities(config: Config) -> None:
    config["data_loader"]["args"]["classes"] = [f"class {number}" for number in range(10)]
    trained = Trained.load(str(run(config).best))
    session = opened(onnx_model(trained))
    assert shapes(session) == {
        "input": ("tensor(uint8)", ["N", 28, 28, 1]),
        "label": ("tensor(string)", ["N"]),
        "probabilities": ("tensor(float)", ["N", 10]),
    }
    images, outputs = expected(trained)
    assert images.dtype == np.uint8
    for count in (0, 1, len(images)):
        label, probabilities = session.run(["label", "probabilities"], {"input": images[:count]})
        close(probabilities, class_probabilities(outputs[:count], "logits"))
        assert label.tolist() == [f"class {number}" for number in outputs[:count].argmax(axis=1)]
    assert json.loads(metadata(session)["classes"]) == [f"class {number}" for number in range(10)]
    assert metadata(session)["preprocessing"] == "division by 255 is part of the graph"
    assert "as in IDX files" in metadata(session)["decoding"]


def test_statistics_of_normalized_images_are_part_of_the_graph(config: Config) -> None:
    config["data_loader"]["args"]["normalize"] = "standardize"
    config["arch"] = {"type": "CNN", "args": {"channels": [2], "classes": 10}}
    trained = Trained.load(str(run(config, "trainer.epochs=1").best))
    images, outputs = expected(trained)
    (probabilities,) = opened(onnx_model(trained)).run(["probabilities"], {"input": images})
    close(probabilities, class_probabilities(outputs, "logits"))


def test_a_network_of_float64_is_exported_as_that_or_in_float32(config: Config) -> None:
    best = str(run(config, "trainer.dtype=float64", "trainer.epochs=1").best)
    images, outputs = expected(Trained.load(best))
    for dtype, exact in ((None, 1e-12), ("float32", 1e-5)):
        (found,) = opened(onnx_model(Trained.load(best, dtype=dtype))).run(["probabilities"], {"input": images})
        wanted = class_probabilities(outputs, "logits")
        assert found.dtype == (dtype or "float64")
        assert wanted is not None
        assert np.abs(found - wanted).max() < exact


LOSSES = [
    (1, "BCEWithLogitsLoss", []), (1, "BCELoss", ["Sigmoid"]), (1, "HingeLoss", []), (1, "MSELoss", []),
    (2, "HingeLoss", []), (2, "MSELoss", []), (2, "NLLLoss", ["LogSoftmax"]), (2, "CrossEntropyLoss", []),
    (2, {"type": "MSELoss", "args": {"softmax": True}}, []),
    (2, {"type": "CrossEntropyLoss", "args": {"from_logits": False}}, ["Softmax"]),
]  # fmt: skip


@pytest.mark.parametrize(("width", "loss", "last"), LOSSES, ids=str)
def test_labels_and_probabilities_are_what_outputs_mean(config: Config, width: int, loss: Any, last: list[str]) -> None:
    layers = [
        {"type": "Linear", "args": {"out_features": 5}},
        "Tanh",
        {"type": "Linear", "args": {"out_features": width}},
    ]
    arch = {"type": "Sequential", "args": {"layers": [*layers, *last]}}
    trained = Trained.load(str(run(with_data(config, "TwoDimensionalDataLoader", arch, loss, task="xor")).best))
    points, outputs = expected(trained)
    label, figures = opened(onnx_model(trained)).run(None, {"input": points.astype(trained_type(trained))})
    meaning = trained.settings.loss.outputs
    wanted = class_probabilities(outputs, meaning)
    close(figures, outputs if wanted is None else wanted)
    assert label.tolist() == [str(number) for number in predicted_classes(outputs, meaning)]
    assert len({*label}) == 2
    assert [value.name for value in interface(trained)[1]] == ["label", "scores" if wanted is None else "probabilities"]


def trained_type(trained: Trained) -> np.dtype:
    """The type of the only input."""
    return interface(trained)[0][0].dtype


def test_numbers_are_predicted_from_columns_as_they_are_in_the_table(config: Config) -> None:
    path = str(PROJECT / "data/diabetes/diabetes.csv")
    config = with_data(
        config,
        "CsvDataLoader",
        mlp(10, 4, 1),
        "MSELoss",
        path=path,
        target="progression",
        task="regression",
        normalize="standardize",
        test_split=0.2,
    )
    config["optimizer"]["args"]["lr"] = 1e-4  # fmt: skip
    trained = Trained.load(str(run(config).best))
    rows, outputs = expected(trained)
    session = opened(onnx_model(trained))
    close(session.run(["output"], {"input": rows.astype(np.float64)})[0], outputs)
    columns = json.loads(metadata(session)["columns"])
    assert [column["name"] for column in columns] == ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]


def test_columns_that_are_the_pixels_of_images_are_normalized_as_such(config: Config) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (30, 24))
    rows = [[*row, number % 2] for number, row in enumerate(pixels.tolist())]
    lines = [[f"p{number}" for number in range(24)] + ["label"], *rows]
    Path("pixels.csv").write_text("\n".join(",".join(map(str, line)) for line in lines))
    arch = {"type": "CNN", "args": {"channels": [2], "classes": 2, "pool_size": 0}}
    config = with_data(
        config, "CsvDataLoader", arch, path="pixels.csv", target="label", shape=[4, 3, 2], normalize="standardize",
        test_split=0.5,
    )  # fmt: skip
    trained = Trained.load(str(run(config).best))
    stored, outputs = expected(trained)
    session = opened(onnx_model(trained))
    assert shapes(session)["input"] == ("tensor(double)", ["N", 24])
    (found,) = session.run(["probabilities"], {"input": stored.reshape(-1, 24).astype(np.float64)})
    close(found, class_probabilities(outputs, "logits"))


TABLE = """size,label,colour,grade,note
1.5,a,red,low,
2.5,b,blue,high,x
,a,,low,y
4,b,red,,x
5,a,green,low,
6,b,blue,high,y
"""


@pytest.mark.parametrize("normalize", [None, "standardize"])
def test_texts_of_a_table_are_coded_within_the_graph(config: Config, normalize: str | None) -> None:
    Path("train.csv").write_text(TABLE)
    Path("test.csv").write_text(TABLE + "7,b,violet,medium,z\n")
    config = with_data(
        config, "CsvDataLoader", mlp(1 + 3 + 1 + 2, 4, 2), path="train.csv", test_path="test.csv", target="label",
        categories={"colour": "one_hot", "grade": ["low", "medium", "high"], "note": "one_hot"},
        missing={"size": "mean", "grade": "medium", "colour": "mean", "note": "mean"}, normalize=normalize,
    )  # fmt: skip
    trained = Trained.load(str(run(config).best))
    session = opened(onnx_model(trained))
    cells = [line.split(",") for line in Path("test.csv").read_text().splitlines()]
    columns = dict(zip(cells[0], zip(*cells[1:], strict=True), strict=True))
    given: dict[str, Array] = {
        name: np.array(columns[name], object)[:, None] for name in ("colour", "grade", "note")
    } | {"size": np.array([float(text or "nan") for text in columns["size"]])[:, None]}
    _, outputs = expected(trained)
    assert np.isfinite(outputs).all()
    label, probabilities = session.run(None, given)
    close(probabilities, class_probabilities(outputs, "logits"))
    assert label.tolist() == ["ab"[index] for index in outputs.argmax(axis=1)]
    assert shapes(session)["colour"] == ("tensor(string)", ["N", 1])
    assert shapes(session)["size"] == ("tensor(double)", ["N", 1])
    told = {column["name"]: column for column in json.loads(metadata(session)["columns"])}
    assert told["grade"]["categories"] == ["low", "medium", "high"]


def test_an_output_does_not_take_the_name_of_a_column(config: Config) -> None:
    Path("train.csv").write_text(TABLE.replace("colour", "probabilities"))
    config = with_data(
        config, "CsvDataLoader", mlp(3, 2), path="train.csv", target="label", features=["probabilities"],
        categories="one_hot", missing="mean", test_split=0,
    )  # fmt: skip
    trained = Trained.load(str(run(config).best))
    (found,) = opened(onnx_model(trained)).run(
        ["predicted_probabilities"], {"probabilities": np.array([["red"]], object)}
    )
    assert found.shape == (1, 2)


@pytest.mark.parametrize("dtype", ["uint8", ">i2", "bool", "float16", "float32", ">f8"])
def test_arrays_are_taken_in_the_type_of_their_file(config: Config, dtype: str) -> None:
    values = np.random.default_rng(1).uniform(0, 9, (40, 3, 2)).astype(dtype)
    np.savez("data.npz", x=values, y=np.arange(40) % 2)
    arch = {"type": "MLP", "args": {"layer_sizes": [6, 4, 2]}}
    config = with_data(config, "NpzDataLoader", arch, path="data.npz", normalize="min_max", test_split=0.5)
    trained = Trained.load(str(run(config).best))
    assert trained_type(trained) == np.dtype(dtype).newbyteorder("=")
    stored, outputs = expected(trained)
    close(
        opened(onnx_model(trained)).run(["probabilities"], {"input": stored.astype(trained_type(trained))})[0],
        class_probabilities(outputs, "logits"),
    )


def test_decoding_and_resizing_of_images_are_described(config: Config) -> None:
    for number in range(8):
        Path(f"images/{'ab'[number % 2]}").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (9, 7), (number, 100, 200)).save(f"images/{'ab'[number % 2]}/{number}.png")
    config = with_data(
        config, "ImageFolderDataLoader", mlp(5 * 4 * 3, 2), data_dir="images", resize=[5, 4], resize_mode="crop",
        background=0, test_split=0,
    )  # fmt: skip
    session = opened(onnx_model(Trained.load(str(run(config).best))))
    assert shapes(session)["input"] == ("tensor(uint8)", ["N", 5, 4, 3])
    told = metadata(session)["decoding"]
    assert "converted to RGB" in told
    assert "on 0 where they are transparent" in told
    assert "brought to height 5 and width 4 by ImageOps.fit" in told


def test_the_network_of_the_repository_predicts_mnist_as_here() -> None:
    trained = Trained.load(str(PROJECT / "best.npz"))
    images = read_idx(PROJECT / "data/mnist", "t10k-images-idx3-ubyte", axes=3)[..., None]
    labels = read_idx(PROJECT / "data/mnist", "t10k-labels-idx1-ubyte", axes=1)
    outputs = trained.model.forward(images / np.float32(255))
    label, probabilities = opened(onnx_model(trained)).run(None, {"input": images})
    assert len(label) == 10_000
    assert label.tolist() == [str(number) for number in outputs.argmax(axis=1)]
    assert np.mean(label.astype(int) == labels) == 0.9908
    close(probabilities, class_probabilities(outputs, "logits"))


def test_numbers_alone_can_be_cut_out_for_programs_that_know_no_texts(config: Config) -> None:
    export(str(run(config, "trainer.epochs=1").best), "model.onnx")
    onnx.utils.extract_model("model.onnx", "numbers.onnx", ["input"], ["probabilities"])
    made = onnx.load("numbers.onnx")
    assert [value.name for value in made.graph.output] == ["probabilities"]
    assert {node.op_type for node in made.graph.node}.isdisjoint({"Gather", "ArgMax"})


def test_a_loader_that_scales_each_feature_by_its_own_numbers_leaves_that_out(config: Config) -> None:
    best = run(config, "trainer.epochs=1").best
    held = load_checkpoint(best)
    data = {key: value for key, value in held.meta["data"].items() if key != "scale"}
    Checkpoint(held.arrays, held.meta | {"data": data}).save(Path("scaled.npz"))
    trained = Trained.load("scaled.npz")
    assert "scales each feature by its own numbers" in trained.notes[0]
    images, outputs = expected(trained)
    (found,) = opened(onnx_model(trained)).run(["probabilities"], {"input": (images / 255).astype(np.float32)})
    close(found, class_probabilities(outputs, "logits"))


def without_data(path: Path, name: str) -> str:
    """A checkpoint as earlier versions wrote it."""
    held = load_checkpoint(path)
    arrays = {key: array for key, array in held.arrays.items() if not key.startswith("data/")}
    Checkpoint(arrays, {key: value for key, value in held.meta.items() if key != "data"}).save(Path(name))
    return name


def test_of_a_checkpoint_that_does_not_know_its_data_the_network_alone_is_exported(config: Config) -> None:
    np.savez("data.npz", x=np.random.default_rng(1).standard_normal((40, 6)), y=np.arange(40) % 2)
    config = with_data(config, "NpzDataLoader", mlp(6, 4, 2), path="data.npz", test_split=0.5)
    best = run(config).best
    stored, outputs = expected(Trained.load(str(best)))
    trained = Trained.load(without_data(best, "old.npz"))
    assert "exported is the network alone" in trained.notes[0]
    label, probabilities = opened(onnx_model(trained)).run(None, {"input": stored.astype(np.float32)})
    close(probabilities, class_probabilities(outputs, "logits"))
    assert label.tolist() == outputs.argmax(axis=1).tolist()


def test_the_shape_of_samples_is_asked_for_where_nothing_tells_it(config: Config) -> None:
    np.savez("data.npz", x=np.random.default_rng(1).standard_normal((40, 6, 6, 1)), y=np.arange(40) % 2)
    arch = {"type": "CNN", "args": {"channels": [2], "classes": 2}}
    best = run(with_data(config, "NpzDataLoader", arch, path="data.npz", test_split=0.5)).best
    old = without_data(best, "old.npz")
    with pytest.raises(CheckpointError, match=r"old.npz: does not know the shape .* -r old.npz --input-shape HEIGHT"):
        Trained.load(old)
    stored, outputs = expected(Trained.load(str(best)))
    session = opened(onnx_model(Trained.load(old, [6, 6, 1])))
    close(
        session.run(["probabilities"], {"input": stored.astype(np.float32)})[0], class_probabilities(outputs, "logits")
    )
    with pytest.raises(UserError, match=r"--input-shape: .* was trained on samples of shape \(6, 6, 1\)"):
        Trained.load(str(best), [6, 6])


def test_the_program_tells_what_the_file_takes_and_gives(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    told = program("export.py", "-r", folder.models, "-o", "made.onnx").stdout
    assert "best.npz, epoch 1, digest " in told
    assert "input    input: uint8 (N, 28, 28, 1)\n" in told
    assert "output   label: string (N,)\noutput   probabilities: float32 (N, 10)\n" in told
    assert f"written  made.onnx, {Path('made.onnx').stat().st_size:,} bytes, checked by onnx" in told
    onnx.checker.check_model("made.onnx", full_check=True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-r", "no.npz"), "error: no.npz: there is no such checkpoint"),
        (("-r", str(PROJECT / "config.json")), "config.json: is not a checkpoint"),
        (("-r", str(PROJECT / "best.npz"), "--input-shape", "784"), "--input-shape: "),
        (("-r", str(PROJECT / "best.npz"), "--input-shape", "0"), "expected a whole number of at least 1"),
        ((), "the following arguments are required: -r/--resume"),
    ],
)
def test_mistakes_end_with_a_message(words: tuple[str, ...], message: str) -> None:
    assert message in program("export.py", *words, expect=2).stderr
    assert not Path("model.onnx").exists()


def test_a_file_that_cannot_be_written_is_named() -> None:
    Path("model.onnx").mkdir()
    assert "model.onnx" in program("export.py", "-r", PROJECT / "best.npz", expect=4).stderr
