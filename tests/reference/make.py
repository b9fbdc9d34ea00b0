"""Writes the reference values that the tests compare with, computed by PyTorch 2.13 in float64.

    python -m tests.reference.make

Rows of the tables in tests/cases that PyTorch has too are run through it under the same names and arguments. To be
run again when such a row is added or changed; the tests themselves read only the files written here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from base.types import Array
from tests.cases import layers, losses, optimizers, schedulers
from tests.cases.layers import LayerCase
from tests.cases.losses import LossCase
from tests.cases.optimizers import OptimizerCase
from tests.cases.schedulers import SchedulerCase
from tests.reference.problem import START, STEPS, gradient
from tests.reference.stored import FOLDER

EPOCHS = 30
Arrays = dict[str, Array]


def layer_reference(case: LayerCase) -> Arrays:
    """Input, gradient from above, output, and the gradients of input and parameters. Weights are stored (in, out)."""
    generator = np.random.default_rng(11)
    layer = torch_layer(case)
    x = torch.tensor(generator.standard_normal((4, *case.input_shape)), requires_grad=True)
    output = layer(x)
    above = torch.tensor(generator.standard_normal(tuple(output.shape)))
    output.backward(above)
    arrays = {"x": x.detach().numpy(), "above": above.numpy(), "output": output.detach().numpy()}
    return arrays | {"input_gradient": gradient_of(x)} | parameters_of(layer)


def torch_layer(case: LayerCase) -> torch.nn.Module:
    """PyTorch's layer for a row; where it wants more or other arguments, that is said here."""
    args = dict(case.args)
    if case.kind == "Linear":
        args |= {"in_features": case.input_shape[-1], "dtype": torch.float64}
    if case.kind == "Softmax":
        args |= {"dim": -1}
    layer: torch.nn.Module = getattr(torch.nn, case.kind)(**args)
    return layer


def parameters_of(module: torch.nn.Module, prefix: str = "") -> Arrays:
    """Values and gradients by name, laid out as ours are: (in, out)."""
    arrays = {}
    for name, parameter in module.named_parameters():
        arrays[f"value.{prefix}{name}"] = parameter.detach().numpy().T
        arrays[f"grad.{prefix}{name}"] = gradient_of(parameter).T
    return arrays


def gradient_of(tensor: torch.Tensor) -> Array:
    """What backward left on a tensor."""
    assert tensor.grad is not None
    return tensor.grad.numpy()


def loss_reference(case: LossCase) -> Arrays:
    """Outputs, targets, the mean loss, and its gradient."""
    outputs, targets = case.batch()
    y = torch.tensor(outputs, requires_grad=True)
    t = torch.tensor(targets)
    if case.kind == "MSELoss" and case.classes:
        t = torch.nn.functional.one_hot(t, case.output_shape[0]).double()
    loss = getattr(torch.nn, case.kind)(**case.args)(y, t)
    loss.backward()
    return {"outputs": outputs, "targets": targets, "loss": loss.detach().numpy(), "gradient": gradient_of(y)}


def optimizer_reference(case: OptimizerCase) -> Arrays:
    """Where the parameters are after each step."""
    x = torch.tensor(START, requires_grad=True)
    optimizer = getattr(torch.optim, case.kind)([x], **case.args)
    path = []
    for _ in range(STEPS):
        x.grad = torch.tensor(gradient(x.detach().numpy()))
        optimizer.step()
        path.append(x.detach().numpy().copy())
    return {"path": np.stack(path)}


def scheduler_reference(case: SchedulerCase) -> Arrays:
    """The learning rate of each epoch, from a base rate of 0.8."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.8)
    scheduler = getattr(torch.optim.lr_scheduler, case.kind)(optimizer, **case.args)
    rates = []
    for _ in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return {"rates": np.array(rates)}


def mlp_reference() -> Arrays:
    """Inputs, classes, parameters, mean cross-entropy and gradients of a network 6-5-4-3 with ReLU."""
    generator = np.random.default_rng(13)
    linears = [torch.nn.Linear(*sizes, dtype=torch.float64) for sizes in ((6, 5), (5, 4), (4, 3))]
    x = torch.tensor(generator.standard_normal((8, 6)))
    t = torch.tensor(generator.integers(0, 3, 8))
    hidden = torch.relu(linears[1](torch.relu(linears[0](x))))
    loss: torch.Tensor = torch.nn.functional.cross_entropy(linears[2](hidden), t)
    loss.backward()  # type: ignore[no-untyped-call]
    arrays = {"x": x.numpy(), "targets": t.numpy(), "loss": loss.detach().numpy()}
    for number, linear in enumerate(linears, start=1):
        arrays |= parameters_of(linear, f"linear{number}.")
    return arrays


def write(family: str, references: Mapping[str, Arrays]) -> None:
    """One file a family; the key is the row's text, then the array's name."""
    arrays = {f"{case}/{name}": array for case, named in references.items() for name, array in named.items()}
    np.savez_compressed(FOLDER / f"{family}.npz", allow_pickle=False, **arrays)


def rows(cases: list[Any], reference: Callable[[Any], Arrays]) -> dict[str, Arrays]:
    """The reference values of those rows that PyTorch has."""
    return {str(case): reference(case) for case in cases if case.in_torch}


def main() -> None:
    """Write all files."""
    torch.manual_seed(7)
    write("layers", rows(layers.CASES, layer_reference))
    write("losses", rows(losses.CASES, loss_reference))
    write("optimizers", rows(optimizers.CASES, optimizer_reference))
    write("schedulers", rows(schedulers.CASES, scheduler_reference))
    write("models", {"MLP": mlp_reference()})


if __name__ == "__main__":
    main()
