"""Gradients of a network's outputs with respect to its inputs, by the network's own backward pass."""

from __future__ import annotations

import numpy as np

from base.base_model import BaseModel
from base.random_streams import RandomStreams
from base.types import Array
from trainer.inspection.inspection import Inspection, numpy_twin
from trainer.inspection.predictions import Predictions


def prediction_gradients(inspection: Inspection, samples: Array) -> Array | None:
    """The gradient of what is predicted, (N, *input shape), for some samples of the data: large where they decided.

    None where `input_gradients` knows none.
    """
    data, model = inspection.data, inspection.model
    x = np.empty((len(samples), *data.input_shape), model.values.dtype)
    data.read_inputs(samples, x)
    said = _said(inspection.predictions, samples, model.output_shape[0])
    return input_gradients(model, x, said.reshape(len(samples), *model.output_shape), inspection.experiment.streams)


def input_gradients(model: BaseModel, x: Array, dy: Array, streams: RandomStreams) -> Array | None:
    """The gradient with respect to `x` of the sum of outputs times `dy`, in evaluation mode.

    None where it is not finite, or a module passes nothing on to its input. A copy of the model computes it, as
    gradients of parameters are written too.
    """
    twin = numpy_twin(model, streams)
    twin.root.needs_input_gradient = True
    twin.forward(x)
    gradient = twin.backward(dy.astype(x.dtype))
    return None if gradient is None or not np.isfinite(gradient).all() else gradient.copy()


def _said(predictions: Predictions, samples: Array, outputs: int) -> Array:
    """1 for the output that speaks for each prediction, (N, outputs); -1 where a single one says the first class."""
    chosen = predictions.predictions[samples]
    if predictions.classes is None:
        return np.ones((len(samples), 1))
    return 2.0 * chosen[:, None] - 1 if outputs == 1 else np.eye(outputs)[chosen]
