"""Derivatives against central differences in float64."""

from collections.abc import Callable

import numpy as np

from base.base_model import BaseModel
from base.types import Array

EPS, RTOL, ATOL = 1e-5, 1e-6, 1e-8


def central_differences(function: Callable[[], float], x: Array) -> Array:
    """df/dx_i = (f(x_i + eps) - f(x_i - eps)) / (2 eps) for every coordinate of an array that the function reads."""
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        held = x[index]
        x[index] = held + EPS
        above = function()
        x[index] = held - EPS
        below = function()
        x[index] = held
        gradient[index] = (above - below) / (2 * EPS)
    return gradient


def check_gradient(analytic: Array, function: Callable[[], float], x: Array, what: str) -> None:
    """Fail where a gradient is not that of the function with respect to x; both are printed."""
    np.testing.assert_allclose(analytic, central_differences(function, x), RTOL, ATOL, err_msg=f"gradient of {what}")


def check_model(model: BaseModel, x: Array) -> None:
    """Check the gradients of input and parameters, for a random gradient coming from above.

    Needs a model in float64, and inputs so far from kinks that a step of eps does not cross one.
    """
    above = np.random.default_rng(5).standard_normal(model.forward(x).shape)
    model.root.needs_input_gradient = True
    model.grads[...] = np.nan  # what a backward does not write shows
    input_gradient = model.backward(above)
    assert input_gradient is not None
    gradients = {name: gradient.copy() for name, gradient in model.named_views(model.grads).items()}

    def objective() -> float:
        return float(np.sum(model.forward(x) * above))

    check_gradient(input_gradient.copy(), objective, x, "the input")
    for name, values in model.named_views(model.values).items():
        check_gradient(gradients[name], objective, values, name)
