"""What the page is told is what the network computes, and its mistakes are told in words."""

import io
import json
from http import HTTPStatus
from typing import Any

import numpy as np
import pytest
from PIL import Image

from base.errors import DataError, UserError
from base.types import Array
from tests.trainer.drawing.conftest import Trained
from trainer.drawing.answers import Answers
from trainer.predictor import Predictor
from utils.local_server import Answer, Request


def image(seed: int = 0) -> Array:
    """An image that is noise."""
    return np.random.default_rng(seed).integers(0, 256, (28, 28, 1)).astype(np.uint8)


def unpacked(answer: Answer) -> tuple[dict[str, Any], dict[str, Array]]:
    """Facts and arrays of a packed answer."""
    length = int.from_bytes(answer.body[:4], "little")
    facts = json.loads(answer.body[4 : 4 + length])
    numbers, arrays = np.frombuffer(answer.body[4 + length :], "<f4"), {}
    for name, shape in facts.pop("arrays").items():
        arrays[name], numbers = numbers[: np.prod(shape)].reshape(shape), numbers[np.prod(shape) :]
    assert not len(numbers)
    return facts, arrays


def asked(answers: Answers, path: str, body: Any = b"", **query: object) -> Answer:
    """The answer to a request."""
    content = body.tobytes() if isinstance(body, np.ndarray) else body
    return answers(Request("POST", path, {name: str(value) for name, value in query.items()}, content))


def test_a_drawing_goes_through_as_predict_py_would_read_it(convolutional: Predictor) -> None:
    pixels, answers = image(), Answers(convolutional)
    facts, arrays = unpacked(asked(answers, "through", pixels, layers="conv2d1,relu2"))
    expected = convolutional.outputs(pixels[None])[0]
    assert np.allclose(arrays["outputs"], expected, rtol=1e-5, atol=1e-6)
    assert np.allclose(arrays["probabilities"], convolutional.predict_proba(pixels[None])[0], atol=1e-6)
    assert facts == {"target": expected.argmax()}
    x = (pixels[None] / 255).astype(np.float32)
    for name in ("conv2d1", "relu2"):
        assert np.allclose(arrays[f"layer {name}"], convolutional.model.output_of(x, name)[0], rtol=1e-5, atol=1e-6)
    assert [name for name in arrays if name.startswith("layer")] == ["layer conv2d1", "layer relu2"]


def test_the_gradient_is_of_the_asked_class_s_logit(convolutional: Predictor) -> None:
    pixels, answers = image(), Answers(convolutional)
    _, arrays = unpacked(asked(answers, "through", pixels, target=3))
    gradient = arrays["gradient"].reshape(28, 28)
    x = (pixels[None] / 255).astype(np.float32)
    step = np.zeros_like(x)
    step[0, :, :, 0] = 1e-3 * np.sign(gradient)
    model = convolutional.model
    model.eval()
    rise = (model.forward(x + step)[0, 3] - model.forward(x)[0, 3]) / 1e-3
    model.train()
    assert rise == pytest.approx(np.abs(gradient).sum(), rel=0.05)  # kinks of ReLU lie between


def test_what_speaks_for_a_class_is_the_same_where_the_network_ends_with_softmax(trained: Trained) -> None:
    layers = ["Flatten", {"type": "Linear", "args": {"out_features": 10}}, "Softmax"]
    loss = {"type": "CrossEntropyLoss", "args": {"from_logits": False}}
    squashed = Predictor.load(trained({"type": "Sequential", "args": {"layers": layers}}, loss=loss))
    _, arrays = unpacked(asked(Answers(squashed), "through", image(), target=4))
    weight = squashed.model.named_views(squashed.model.values)["linear1.weight"]
    assert np.allclose(arrays["gradient"].reshape(-1), weight[:, 4], rtol=1e-5, atol=1e-7)


def test_a_unit_s_gradient_and_a_layer_s_weights(convolutional: Predictor) -> None:
    answers = Answers(convolutional)
    _, arrays = unpacked(asked(answers, "unit", image(), layer="conv2d1", unit=0))
    _, weights = unpacked(asked(answers, "weights", layer="conv2d1"))
    kernel = weights["weight"]
    assert kernel.shape == (3, 3, 1, 3)
    gradient = arrays["gradient"].reshape(28, 28)
    assert np.allclose(gradient[:3, :3], kernel[:, :, 0, 0])  # the first unit sees the corner
    assert np.count_nonzero(gradient) == 9


def test_test_samples_and_mistakes_are_told_with_what_is_said_of_them(convolutional: Predictor) -> None:
    answers = Answers(convolutional)
    some = json.loads(asked(answers, "samples", kind="any", seed=1).body)["samples"]
    wrong = json.loads(asked(answers, "samples", kind="mistakes", seed=1).body)["samples"]
    assert len(some) == 12
    assert all(sample["target"] != sample["prediction"] for sample in wrong)
    assert asked(answers, "samples", kind="any", seed=1).body == asked(answers, "samples", kind="any", seed=1).body
    assert some != json.loads(asked(answers, "samples", kind="any", seed=2).body)["samples"]
    pixels = np.array([sample["input"] for sample in some], np.uint8).reshape(-1, 28, 28)
    assert [sample["prediction"] for sample in some] == convolutional.predict(pixels).tolist()


def test_the_samples_in_which_a_channel_is_strongest_come_first(convolutional: Predictor) -> None:
    answers = Answers(convolutional)
    found = json.loads(asked(answers, "strongest", layer="conv2d1", channel=2).body)
    assert found["values"] == sorted(found["values"], reverse=True)
    assert len(found["samples"]) == 9
    x = np.array(found["samples"][0]["input"], np.float32).reshape(1, 28, 28, 1) / 255
    maps = convolutional.model.output_of(x, "conv2d1")[0, :, :, 2]
    assert maps.max() == pytest.approx(found["values"][0], rel=1e-5)
    assert maps.argmax() == found["positions"][0]


def test_an_image_of_any_size_is_read_as_the_network_takes_it(convolutional: Predictor) -> None:
    file = io.BytesIO()
    Image.new("RGB", (100, 60), (255, 0, 0)).save(file, "png")
    pixels = np.frombuffer(asked(Answers(convolutional), "image", file.getvalue(), name="a.png").body, np.uint8)
    assert pixels.tolist() == [76] * 784  # red as grey


def test_fields_of_a_table_go_through(flowers: Predictor) -> None:
    answers = Answers(flowers)
    row = ["5.1", "3.5", "1.4", "0.2"]
    facts, arrays = unpacked(asked(answers, "through", json.dumps(row).encode(), layers="linear1"))
    expected = flowers.outputs(np.array([row], float))[0]
    assert np.allclose(arrays["outputs"], expected, rtol=1e-5, atol=1e-6)
    assert arrays["gradient"].shape == (1, 4)
    assert facts["target"] == expected.argmax()
    (sample, *_) = json.loads(asked(answers, "samples", kind="any", seed=0).body)["samples"]
    assert flowers.predict(np.array([sample["input"]], float)).tolist() == [sample["prediction"]]


def test_the_page_itself_and_nothing_else(convolutional: Predictor) -> None:
    answers = Answers(convolutional)
    assert answers(Request("GET", "")).body.startswith(b"<!doctype html>")
    assert answers(Request("GET", "../config.json")).status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("path", "body", "query", "words"),
    [
        ("through", b"12", {}, "expected 28 x 28 x 1 bytes, got 2"),
        ("through", image(), {"target": 10}, "there is no class 10"),
        ("through", image(), {"target": "-1"}, "target: expected a whole number"),
        ("through", image(), {"target": "9" * 5000}, "target: expected a whole number of 15 digits at most"),
        ("unit", image(), {"layer": "conv2d9", "unit": 0}, "there is no unit 0 of a layer 'conv2d9'"),
        ("unit", image(), {"layer": "conv2d1"}, "unit: expected a whole number"),
        ("weights", b"", {"layer": "relu1"}, "there are no weights of 'relu1'"),
        ("strongest", b"", {"layer": "conv2d9", "channel": 0}, "there is no layer 'conv2d9'"),
        ("strongest", b"", {"layer": "conv2d1", "channel": 3}, "layer conv2d1 has no channel 3"),
        ("image", b"no image", {"name": "a.png"}, "a.png: cannot be read as an image: it is no image"),
    ],
)
def test_a_request_that_is_wrong_is_told_so(
    convolutional: Predictor, path: str, body: Any, query: dict[str, Any], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        asked(Answers(convolutional), path, body, **query)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'["1", "2"]', "expected 4 texts"),
        (b"{}", "expected 4 texts"),
        (b"[1, 2, 3, 4]", "expected 4 texts"),
        (b"x", "the request is no JSON"),
        (b"[" * 100_000, "the request is no JSON"),
        (b'["1", "2", "3", "x"]', "column 'petal_width': expected a number, got 'x'"),
        (b'["1", "2", "3", ""]', "column 'petal_width': the cell is empty"),
    ],
)
def test_fields_that_are_wrong_are_named(flowers: Predictor, body: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        asked(Answers(flowers), "through", body)


def test_without_test_data_the_message_says_so(convolutional: Predictor) -> None:
    convolutional.settings.data_loader.data_dir = "nowhere"  # type: ignore[attr-defined]
    with pytest.raises(DataError, match="nowhere"):
        asked(Answers(convolutional), "samples", kind="any", seed=0)
