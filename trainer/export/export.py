"""The ONNX file of a checkpoint."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from base.errors import UserError
from logger.setup import run_log
from model.export.graph import Graph
from model.export.network import append_network, check_outputs, checked_model
from model.export.values import Value
from trainer.export.inputs import append_preprocessing, inputs_of
from trainer.export.metadata import metadata_of
from trainer.export.outputs import append_outputs, outputs_of
from trainer.export.trained import Trained
from utils.files import OUTPUT, replacing
from utils.memory import size_text

if TYPE_CHECKING:
    from onnx import ModelProto

LOG = logging.getLogger(__name__)

MOST_BYTES = 2**31 - 2**20  # of a file, which is one message of Protocol Buffers


def export(resume: str, output: str, input_shape: Sequence[int] | None = None, dtype: str | None = None) -> None:
    """Write the network of a checkpoint as an ONNX file, and print what it takes and gives."""
    require_onnx()
    import onnx

    trained = Trained.load(resume, input_shape, dtype)
    with run_log(None, 1):
        for note in trained.notes:
            LOG.warning(note)
        made = onnx_model(trained)
        with replacing(Path(output), other=OUTPUT) as file:
            file.write(content := made.SerializeToString())
        LOG.info("%s, epoch %d, digest %s", trained.path, trained.checkpoint.meta["epoch"], trained.checkpoint.digest)
        for kind, values in zip(("input", "output"), interface(trained), strict=True):
            for value in values:
                LOG.info("%-8s %s", kind, value)
        LOG.info("written  %s, %s bytes, checked by onnx %s", output, f"{len(content):,}", onnx.__version__)


def require_onnx() -> None:
    """Raise UserError with the command to install onnx where it is missing."""
    if importlib.util.find_spec("onnx") is None:
        raise UserError('export.py needs onnx, which is not installed: pip install -e ".[onnx]"')


def interface(trained: Trained) -> tuple[list[Value], list[Value]]:
    """The inputs and outputs of the model; an output whose name a column has is called by another."""
    model, meaning = trained.model, trained.settings.loss.outputs
    known, dtype = trained.known, trained.dtype
    numbers = meaning == "numbers" if known is None else known.classes is None
    inputs = inputs_of(known, model.input_shape, dtype)
    outputs = outputs_of(model.output_shape, dtype, meaning, None if known is None else known.classes, numbers)
    taken = {value.name for value in inputs}
    return inputs, [
        Value(f"predicted_{value.name}", value.dtype, value.shape) if value.name in taken else value
        for value in outputs
    ]


def onnx_model(trained: Trained) -> ModelProto:
    """The model with all that is done to samples before and after, checked. Raises UserError."""
    from onnx import helper

    model, known = trained.model, trained.known
    if model.values.nbytes + model.buffers.nbytes > MOST_BYTES:
        size = size_text(model.values.nbytes)
        raise UserError(f"{trained.path}: has weights of {size}; an ONNX file holds less than 2 GiB")
    inputs, outputs = interface(trained)
    names = [value.name for value in outputs]
    graph = Graph(trained.dtype, [*(value.name for value in inputs), *names])
    graph.scope = "preprocessing"
    x = append_preprocessing(graph, known, model.input_shape)
    y = append_network(graph, model, x)
    check_outputs(model, trained.dtype)
    graph.scope = "output"
    classes = None if known is None else known.classes
    append_outputs(graph, y, model.output_shape, trained.settings.loss.outputs, classes, names)
    made = checked_model(graph, trained.settings.name, inputs, outputs)
    helper.set_model_props(made, metadata_of(trained))
    return made
