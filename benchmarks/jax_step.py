"""One training step of a perceptron in JAX, compiled by jit, made ready to be timed."""

import itertools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.steps import Step

RATE, BETA1, BETA2, EPS = 0.01, 0.9, 0.999, 1e-8


def jax_step(sizes: list[int], batch: int, optimizer: str) -> Step:
    """A step on inputs that are already floats, by "SGD", "momentum" or "Adam"; its memory is used again."""
    rng = np.random.default_rng(1)
    x = jnp.asarray(rng.random((batch, sizes[0]), np.float32))
    y = jnp.asarray(rng.integers(0, sizes[-1], batch))
    state = first_state(sizes, optimizer)
    compiled = jax.jit(lambda state: RULES[optimizer](state, jax.grad(loss)(state[0], x, y)), donate_argnums=0)

    def step() -> None:
        nonlocal state
        state = compiled(state)
        jax.block_until_ready(state)

    return step


def first_state(sizes: list[int], optimizer: str) -> Any:
    """Parameters, the optimizer's slots, and the number of steps done."""
    rng = np.random.default_rng(0)
    params = [
        (jnp.asarray(rng.standard_normal((before, after), np.float32) * np.sqrt(2 / before)), jnp.zeros(after))
        for before, after in itertools.pairwise(sizes)
    ]
    return [params, *(jax.tree.map(jnp.zeros_like, params) for _ in SLOTS[optimizer]), jnp.zeros(())]


def loss(params: Any, x: Any, y: Any) -> Any:
    """The mean cross-entropy."""
    for weight, bias in params[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    logits = x @ params[-1][0] + params[-1][1]
    return jnp.mean(jax.nn.logsumexp(logits, axis=1) - jnp.take_along_axis(logits, y[:, None], 1)[:, 0])


def sgd(state: Any, grads: Any) -> Any:
    """w - lr g."""
    return [jax.tree.map(lambda w, g: w - RATE * g, state[0], grads), state[1]]


def momentum(state: Any, grads: Any) -> Any:
    """v = 0.9 v + g; w - lr v."""
    velocity = jax.tree.map(lambda v, g: BETA1 * v + g, state[1], grads)
    return [jax.tree.map(lambda w, v: w - RATE * v, state[0], velocity), velocity, state[2]]


def adam(state: Any, grads: Any) -> Any:
    """Adam, with its corrections."""
    params, mean, square, count = state
    count = count + 1
    mean = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, grads)
    square = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, grads)
    root = jnp.sqrt(1 - BETA2**count)
    rate = 1e-3 / (1 - BETA1**count)
    new = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) / root + EPS), params, mean, square)
    return [new, mean, square, count]


RULES = {"SGD": sgd, "momentum": momentum, "Adam": adam}
SLOTS = {"SGD": [], "momentum": ["velocity"], "Adam": ["mean", "square"]}
