"""Writes the reference values that the tests compare with, computed by PyTorch 2.13 in float64.

    python -m tests.reference.make

Rows of the tables in tests/cases that PyTorch has too are run through it under the same names and arguments. To be
run again when such a row is added or changed; the tests themselves read only the files written here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from sklearn.utils.class_weight import compute_class_weight

from base.types import Array
from tests.cases import layers, losses, optimizers, schedulers
from tests.cases.layers import LayerCase
from tests.cases.losses import LossCase
from tests.cases.optimizers import OptimizerCase
from tests.cases.schedulers import SchedulerCase
from tests.reference.problem import START, STEPS, gradient, large_gradient
from tests.reference.stored import FOLDER
from utils.command_line import no_arguments

EPOCHS = len(schedulers.FIGURES)
Arrays = dict[str, Array]


def layer_reference(case: LayerCase) -> Arrays:
    """Input, gradient from above, output, gradients of input and parameters, and running statistics after one batch."""
    generator = np.random.default_rng(11)
    layer = torch_layer(case)
    x = torch.tensor(generator.standard_normal((4, *case.input_shape)), requires_grad=True)
    output = applied(layer, case.kind, x)
    above = torch.tensor(generator.standard_normal(tuple(output.shape)))
    output.backward(above)  # type: ignore[no-untyped-call]
    arrays = {"x": x.detach().numpy(), "above": above.numpy(), "output": output.detach().numpy()}
    buffers = {f"buffer.{name}": buffer.numpy() for name, buffer in layer.named_buffers()}
    return arrays | {"input_gradient": gradient_of(x)} | parameters_of(layer) | buffers


def applied(layer: torch.nn.Module, kind: str, x: torch.Tensor) -> torch.Tensor:
    """A layer's output for samples whose channels come last; where PyTorch wants them first, they are moved."""
    channels = 1 if kind.endswith(("1D", "2D")) else -1
    output: torch.Tensor = layer(x.movedim(-1, channels)).movedim(channels, -1)
    return output


def torch_layer(case: LayerCase) -> torch.nn.Module:
    """PyTorch's layer for a row; where it wants more or other arguments, that is said here."""
    args = dict(case.args)
    if case.kind == "Linear":
        args |= {"in_features": case.input_shape[-1], "dtype": torch.float64}
    if case.kind == "Conv2D":
        args = {"in_channels": case.input_shape[-1], "dtype": torch.float64} | args
    if case.kind in ("Softmax", "LogSoftmax"):
        args |= {"dim": -1}
    if case.kind == "GlobalAvgPool2D":
        return torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
    if case.kind.startswith("BatchNorm"):
        args = {"num_features": case.input_shape[-1], "dtype": torch.float64} | args
    if case.kind == "LayerNorm":
        args = {"normalized_shape": case.input_shape[-1], "dtype": torch.float64} | args
    layer: torch.nn.Module = getattr(torch.nn, case.kind.replace("1D", "1d").replace("2D", "2d"))(**args)
    for parameter in layer.parameters() if "Norm" in case.kind else ():
        torch.nn.init.normal_(parameter)  # with PyTorch's ones and zeros a mistake would not show
    return layer


def parameters_of(module: torch.nn.Module, prefix: str = "") -> Arrays:
    """Values and gradients by name, laid out as ours are."""
    arrays = {}
    for name, parameter in module.named_parameters():
        arrays[f"value.{prefix}{name}"] = laid_out(module, parameter.detach().numpy())
        arrays[f"grad.{prefix}{name}"] = laid_out(module, gradient_of(parameter))
    return arrays


def laid_out(module: torch.nn.Module, parameter: Array) -> Array:
    """A parameter in the order of ours: (in, out) of Linear, (height, width, in, out) of Conv2D, flat of LayerNorm."""
    if parameter.ndim == 4:
        return parameter.transpose(2, 3, 1, 0)
    return parameter.ravel() if isinstance(module, torch.nn.LayerNorm) else parameter.T


def gradient_of(tensor: torch.Tensor) -> Array:
    """What backward left on a tensor."""
    assert tensor.grad is not None
    return tensor.grad.numpy()


def loss_reference(case: LossCase) -> Arrays:
    """Outputs, targets, the mean loss, and its gradient."""
    outputs, targets = case.batch()
    y = torch.tensor(outputs, requires_grad=True)
    loss = torch_loss(case, y, torch.tensor(targets))
    loss.backward()  # type: ignore[no-untyped-call]
    return {"outputs": outputs, "targets": targets, "loss": loss.detach().numpy(), "gradient": gradient_of(y)}


def torch_loss(case: LossCase, y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """PyTorch's loss for a row; where it has another name or other arguments, that is said here."""
    kind, args = case.kind, dict(case.args)
    if args.get("weight") == "balanced":
        classes = np.arange(len(losses.COUNTS))
        args["weight"] = compute_class_weight("balanced", classes=classes, y=np.repeat(classes, losses.COUNTS))
    for name in {"weight", "pos_weight"} & args.keys():
        args[name] = torch.tensor(args[name], dtype=torch.float64)
    if not args.pop("from_logits", True):
        kind, y = "NLLLoss", y.log()
    if kind == "HingeLoss":
        kind = "MultiMarginLoss"
    elif kind not in ("CrossEntropyLoss", "NLLLoss"):
        t = torch_numbers(case, t)
    if args.pop("softmax", False):
        y = y.softmax(1)
    half_sum = args.get("reduction") == "half_sum"
    if half_sum:
        args["reduction"] = "sum"
    loss: torch.Tensor = getattr(torch.nn, kind)(**args)(y, t)
    return loss / 2 / len(y) if half_sum else loss


def torch_numbers(case: LossCase, t: torch.Tensor) -> torch.Tensor:
    """Targets of the outputs' shape."""
    if case.output_shape == (1,) and case.classes:
        return t[:, None].double() if case.targets == "classes" else t[:, 1:]
    return torch.nn.functional.one_hot(t, case.output_shape[0]).double() if case.targets == "classes" else t


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


def large_gradient_reference(case: OptimizerCase) -> Arrays:
    """Where float32 parameters are after each step, the first one by a gradient whose square overflows."""
    x = torch.tensor(START, dtype=torch.float32, requires_grad=True)
    optimizer = getattr(torch.optim, case.kind)([x], **case.args)
    path = []
    for step in range(STEPS):
        x.grad = torch.tensor(large_gradient(step))
        optimizer.step()
        path.append(x.detach().numpy().copy())
    return {"path": np.stack(path)}


def scheduler_reference(case: SchedulerCase) -> Arrays:
    """The learning rate of each epoch, from a base rate of 0.8."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.8)
    scheduler = torch_scheduler(optimizer, case.kind, case.args)
    rates = [optimizer.param_groups[0]["lr"]]
    for figure in schedulers.FIGURES[:-1]:
        optimizer.step()
        scheduler.step(*([figure] if case.kind == "ReduceLROnPlateau" else []))
        rates.append(optimizer.param_groups[0]["lr"])
    return {"rates": np.array(rates)}


def torch_scheduler(optimizer: torch.optim.Optimizer, kind: str, given: Mapping[str, Any]) -> Any:
    """PyTorch's scheduler for a row; where it has another name or other arguments, that is said here."""
    names, args = torch.optim.lr_scheduler, dict(given)
    args.pop("interval", None)  # a step of these rows is an epoch
    if kind == "LinearWarmup":
        after = args.pop("scheduler", {"type": "ConstantLR", "args": {"factor": 1.0}})
        warmup = names.LinearLR(optimizer, **args)
        parts = [warmup, torch_scheduler(optimizer, after["type"], after["args"])]
        return names.SequentialLR(optimizer, parts, [args["total_iters"]])
    if kind == "SequentialLR":
        parts = [torch_scheduler(optimizer, part["type"], part["args"]) for part in args["schedulers"]]
        return names.SequentialLR(optimizer, parts, args["milestones"])
    if kind == "OneCycleLR":
        args = {"total_steps": EPOCHS, "cycle_momentum": False} | args
    if kind == "CosineWarmRestarts":
        kind = "CosineAnnealingWarmRestarts"
    whole = {"CosineAnnealingLR": "T_max", "PolynomialLR": "total_iters"}.get(kind)
    if whole and args.get(whole, 0) is None:
        args[whole] = EPOCHS
    return getattr(names, kind)(optimizer, **args)


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


def block_reference() -> Arrays:
    """A residual block of stride 2, from 2 channels to 3: input, output, and the gradients of input and parameters."""
    generator = np.random.default_rng(17)
    convolve = [torch.nn.Conv2d(*args, bias=False, dtype=torch.float64) for args in ((2, 3, 3, 2, 1), (3, 3, 3, 1, 1))]
    shortcut = torch.nn.Conv2d(2, 3, 1, 2, bias=False, dtype=torch.float64)
    norms = [torch.nn.BatchNorm2d(3, dtype=torch.float64) for _ in range(3)]
    for parameter in (parameter for norm in norms for parameter in norm.parameters()):
        torch.nn.init.normal_(parameter)
    x = torch.tensor(generator.standard_normal((4, 5, 6, 2)), requires_grad=True)
    image = x.movedim(-1, 1)
    body = norms[1](convolve[1](torch.relu(norms[0](convolve[0](image)))))
    output = torch.relu(body + norms[2](shortcut(image))).movedim(1, -1)
    above = torch.tensor(generator.standard_normal(tuple(output.shape)))
    output.backward(above)  # type: ignore[no-untyped-call]
    arrays = {"x": x.detach().numpy(), "above": above.numpy(), "output": output.detach().numpy()}
    names = ["body.conv2d1.", "body.conv2d2.", "shortcut.conv2d1."]
    names += [name.replace("conv2d", "batchnorm2d") for name in names]
    for name, module in zip(names, [*convolve, shortcut, *norms], strict=True):
        arrays |= parameters_of(module, name)
    return arrays | {"input_gradient": gradient_of(x)}


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
    write("large_gradients", rows(optimizers.CASES, large_gradient_reference))
    write("schedulers", rows(schedulers.CASES, scheduler_reference))
    write("models", {"MLP": mlp_reference(), "BasicBlock": block_reference()})


if __name__ == "__main__":
    no_arguments("tests.reference.make", __doc__)
    main()
