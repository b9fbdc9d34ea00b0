"""Where RMSprop departs from PyTorch."""

import numpy as np

from trainer.optimizers.rmsprop import RMSprop


def test_a_variance_that_rounding_makes_negative_is_0() -> None:
    """Of gradients that stay the same, the square's average and the average's square come to be equal."""
    grads = np.linspace(0.1, 3, 300, dtype=np.float32)
    optimizer, values = RMSprop(lr=1e-9, centered=True), np.zeros(300, np.float32)
    optimizer.bind(values, {"x": slice(0, 300)})
    for _ in range(1400):
        optimizer.begin(optimizer.lr)
        optimizer.step(slice(0, 300), values, grads, np.empty(300, np.float32))
    assert (optimizer.state["square_avg"] < np.square(optimizer.state["grad_avg"])).any()
    assert np.isfinite(values).all()
