"""Gradients of a network's outputs with respect to its inputs, by the network's own backward pass."""

from __future__ import annotations

import numpy as np

from base.base_layer import RandomContext
from base.types import Array
from ops.ops import Ops
from trainer.inspection.inspection import Inspection


def input_gradients(inspection: Inspection, samples: Array) -> Array | None:
    """The gradient of what is predicted, (N, *input shape), for samples of the data: where it is large, it decided.

    It is that of the predicted class's output, or of the single output, for the first of two classes its negative, in
    evaluation mode. None where a module's backward passes nothing on to its input. A copy of the model computes it, as
    gradients of parameters are written too.
    """
    data, predictions = inspection.data, inspection.predictions
    twin = inspection.model.replica(RandomContext(inspection.experiment.streams, 0))
    twin.eval()
    twin.root.needs_input_gradient = True
    for _, layer in twin.named_layers():
        layer.ops = Ops()  # so that no kernel is compiled for a few samples
    x = np.empty((len(samples), *data.input_shape), twin.values.dtype)
    data.read_inputs(samples, x)
    output = twin.forward(x)
    said = np.zeros((len(samples), output[0].size), output.dtype)
    if said.shape[1] == 1:
        said[:, 0] = 1 if predictions.classes is None else 2 * predictions.predictions[samples] - 1
    else:
        said[np.arange(len(samples)), predictions.predictions[samples]] = 1
    gradient = twin.backward(said.reshape(output.shape))
    return None if gradient is None or not np.isfinite(gradient).all() else gradient.copy()
