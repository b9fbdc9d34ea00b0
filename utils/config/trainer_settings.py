"""The `trainer` section of a config."""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

from base.constraints import NonNegative, NonNegativeInt, PathText, Pattern, Positive, PositiveInt, Range

NonFinitePolicy = Literal["stop", "skip", "back_off"]
PictureName = Literal[
    "curves",
    "steps",
    "dynamics",
    "confusion",
    "regression",
    "mistakes",
    "weights",
    "kernels",
    "feature_maps",
    "boundary",
]


@dataclass(frozen=True, kw_only=True)
class TsneSettings:
    """Pictures of how a layer separates the classes, drawn when `--tsne` is given.

    epochs: after which epochs to draw, 0 being before training (null: 0 and the last).
    data: of which data; without validation data, "validation" means the training data. test.py draws the test data.
    samples: how many samples to draw.
    layer: the layer whose output is drawn (null: the last hidden layer).
    """

    epochs: list[NonNegativeInt] | None = None
    data: Literal["training", "validation", "test"] = "validation"
    samples: PositiveInt = 1000
    layer: str | None = None


@dataclass(frozen=True, kw_only=True)
class GradientClip:
    """A bound on gradients: one of the two.

    norm: the whole gradient is scaled down to this Euclidean norm where it is longer.
    value: each of its numbers is cut off at plus and minus this.
    """

    norm: Positive | None = None
    value: Positive | None = None

    def __post_init__(self) -> None:
        if (self.norm is None) == (self.value is None):
            raise ValueError('give one of "norm" and "value"')


@dataclass(frozen=True, kw_only=True)
class Averaging:
    """A moving average of the parameters, average = decay average + (1 - decay) w after each step.

    Batch norm's running statistics that go with it are made anew of training data before it is scored.

    decay: how much of the average is kept.
    warmup: whether the decay grows, min(decay, 1 - t^(-3/4)) in step t, as timm's and ema_pytorch's with power 3/4:
        early parameters are soon forgotten, so that the average is good in short runs and early in long ones too.
    """

    decay: Annotated[float, Range(gt=0, lt=1)]
    warmup: bool = False

    def decay_at(self, step: int) -> float:
        """The decay of a step, counted from 1: 0 in the first, so that the average begins as the parameters."""
        if step == 1 or not self.warmup:
            return 0.0 if step == 1 else self.decay
        root = math.sqrt(step)  # roots are rounded alike on every machine, powers are not
        return min(self.decay, 1 - 1 / (root * math.sqrt(root)))


@dataclass(frozen=True, kw_only=True)
class TrainerSettings:
    """The length of training, the files to keep, and the division of work.

    epochs: how many epochs to train.
    len_epoch: steps an epoch (null: one pass over the training data).
    accumulate_steps: how many batches make a step, whose gradient is that of all their samples at once.
    grad_clip: a bound on gradients (null: none).
    ema: a moving average of the parameters, which is then what is validated and what best is judged by (null: none).
    save_dir: the folder that runs are written to.
    save_period: keep a checkpoint every so many epochs, beside best and last (null: none).
    keep_last: of those, keep only so many of the newest (null: all).
    checkpoint_every_steps: write last.npz every so many steps too, at most once a second (null: only after epochs).
    checkpoint_every_minutes: the same by the clock (null: never).
    monitor: the figure that says which epoch is best, such as "max val_accuracy" or "min val_loss", or "off"
        (null: "min val_loss", without validation data "min loss").
    max_minutes: stop after so many minutes, at a checkpoint and with exit code 0; `-r` continues (null: never).
    early_stop: stop after so many epochs without improvement (null: never).
    min_delta: how much better the monitored figure must become for early_stop to count it as an improvement: by more
        than this. best.npz is of the best epoch all the same.
    log_test: score the test data after every epoch too, for reports; it never decides anything.
    on_nonfinite: what to do where loss, gradient or weights of a step are not finite: "stop" the run, "skip" the step
        (more than ten in a row stop the run), or "back_off": go back to the start of the epoch, with half the rate.
    verbosity: 0 warnings only, 1 a line an epoch, 2 also all arguments, what takes how long, and checkpoints.
    tensorboard: write what TensorBoard shows into the log folder too; it has to be installed.
    dtype: the numbers' type.
    ops: what computes a step: "compiled" kernels (Numba), "numpy", or "auto": compiled where Numba is installed and the
        processor has fused multiply-add.
    shards: into how many parts each batch is split; part of the result ("auto": chosen from the config alone).
    threads: how many processes or threads share the shards, in each rank where there are several (docs/guides/mpi.md);
        never changes a bit of the result (null: the machine's cores).
    tsne: pictures drawn when --tsne is given.
    pictures: which pictures to draw when training ends ("all": each that applies to the run; an empty list: none).
    report: keep a page of the run, report.html, which shows how far it has come.
    """

    epochs: PositiveInt
    len_epoch: PositiveInt | None = None
    accumulate_steps: PositiveInt = 1
    grad_clip: GradientClip | None = None
    ema: Averaging | None = None
    save_dir: Annotated[PathText, Pattern(r"[\s\S]*\S[\s\S]*", 'the path of a folder ("." for the current one)')] = (
        "saved/"
    )
    save_period: PositiveInt | None = None
    keep_last: PositiveInt | None = None
    checkpoint_every_steps: PositiveInt | None = None
    checkpoint_every_minutes: Positive | None = None
    monitor: Annotated[str, Pattern(r"off|(min|max) \S+", '"min FIGURE", "max FIGURE" or "off"')] | None = None
    max_minutes: Positive | None = None
    early_stop: PositiveInt | None = None
    min_delta: NonNegative = 0.0
    log_test: bool = False
    on_nonfinite: NonFinitePolicy = "stop"
    verbosity: Literal[0, 1, 2] = 1
    tensorboard: bool = False
    dtype: Literal["float32", "float64"] = "float32"
    ops: Literal["auto", "compiled", "numpy"] = "auto"
    shards: Annotated[int, Range(ge=1, le=1024)] | Literal["auto"] = "auto"
    threads: PositiveInt | None = None
    tsne: TsneSettings | None = None
    pictures: Literal["all"] | list[PictureName] = "all"
    report: bool = True
