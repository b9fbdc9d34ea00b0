"""The schedulers; a new one is one row."""

from dataclasses import dataclass
from typing import Any

from base.base_scheduler import BaseScheduler
from tests.cases.case import Case

# An epoch each, for those that look at results: better for a while, then no longer, then again.
FIGURES = [5.0, 4.0, 3.0, 3.1, 2.9999, 2.5, 2.5, 2.4999, 2.6, 2.5, 2.49, 2.6, 2.6, 2.6, 2.6]
FIGURES += [2.6, 2.6, 2.6, 2.6, 2.0, 2.1, 1.5, float("nan"), 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6]


@dataclass(frozen=True)
class SchedulerCase(Case):
    """A scheduler, and whether PyTorch has the same."""

    in_torch: bool = True

    def make(self) -> BaseScheduler:
        """The scheduler, for a run of as many epochs as there are figures, a step each."""
        scheduler: BaseScheduler = self.built(BaseScheduler)
        scheduler.bind(len(FIGURES), 1)
        return scheduler


def part(kind: str, **args: Any) -> dict[str, Any]:
    """A scheduler within another, as a config has it."""
    return {"type": kind, "args": args}


CASES = [
    SchedulerCase("MultiStepLR", {"milestones": [3, 7, 12]}),
    SchedulerCase("MultiStepLR", {"milestones": [12, 0, 3, 3], "gamma": 0.5}),
    SchedulerCase("MultiStepLR", {"milestones": []}),
    SchedulerCase("ExponentialLR", {"gamma": 0.9}),
    SchedulerCase("ExponentialLR", {"gamma": 1.05}),
    SchedulerCase("StepLR", {"step_size": 7}),
    SchedulerCase("StepLR", {"step_size": 1, "gamma": 0.7}),
    SchedulerCase("StepLR", {"step_size": 4, "interval": "step"}),
    SchedulerCase("ExponentialLR", {"gamma": 0.8, "interval": "step", "min_lr": 0.1}, in_torch=False),
    SchedulerCase("MultiStepLR", {"milestones": [3, 7], "min_lr": 0.05}, in_torch=False),
    SchedulerCase("ConstantLR", {}),
    SchedulerCase("ConstantLR", {"factor": 0.25, "total_iters": 12}),
    SchedulerCase("ConstantLR", {"factor": 0.0}, in_torch=False),  # PyTorch divides by it
    SchedulerCase("PolynomialLR", {}),
    SchedulerCase("PolynomialLR", {"total_iters": 20, "power": 2.5}),
    SchedulerCase("PolynomialLR", {"total_iters": None, "power": 0.5}),
    SchedulerCase("InverseTimeLR", {"decay": 0.009}, in_torch=False),
    SchedulerCase("CosineAnnealingLR", {"T_max": 30, "eta_min": 0.01}),
    SchedulerCase("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.1}),
    SchedulerCase("CosineAnnealingLR", {"T_max": None}),
    SchedulerCase("CosineWarmRestarts", {"T_0": 4, "eta_min": 0.02}),
    SchedulerCase("CosineWarmRestarts", {"T_0": 3, "T_mult": 2}),
    SchedulerCase("CosineWarmRestarts", {"T_0": 1, "T_mult": 3}),
    SchedulerCase("OneCycleLR", {"max_lr": 0.5}),
    SchedulerCase("OneCycleLR", {"max_lr": 2.0, "pct_start": 0.45, "anneal_strategy": "linear", "div_factor": 10.0}),
    SchedulerCase("OneCycleLR", {"max_lr": 0.5, "three_phase": True, "final_div_factor": 50.0}),
    SchedulerCase("OneCycleLR", {"max_lr": 0.5, "three_phase": True, "pct_start": 0.1, "anneal_strategy": "linear"}),
    SchedulerCase("OneCycleLR", {"max_lr": 0.5, "pct_start": 0.0}),
    SchedulerCase("OneCycleLR", {"max_lr": 0.5, "pct_start": 1.0}),
    SchedulerCase("OneCycleLR", {"max_lr": 0.5, "total_steps": len(FIGURES)}),
    SchedulerCase("OneCycleLR", {"max_lr": 0.5, "total_steps": 12}, in_torch=False),  # PyTorch ends with an error
    SchedulerCase("LinearWarmup", {"total_iters": 5}),
    SchedulerCase("LinearWarmup", {"total_iters": 1, "start_factor": 0.5, "scheduler": part("StepLR", step_size=3)}),
    SchedulerCase("LinearWarmup", {"total_iters": 9, "scheduler": part("CosineAnnealingLR", T_max=21, eta_min=0.1)}),
    SchedulerCase("LinearWarmup", {"total_iters": 40, "scheduler": part("CosineAnnealingLR", T_max=5)}),
    SchedulerCase("LinearWarmup", {"total_iters": 3, "scheduler": part("ReduceLROnPlateau")}, in_torch=False),
    SchedulerCase(
        "SequentialLR",
        {
            "milestones": [4, 11, 26],
            "schedulers": [
                part("ConstantLR", factor=0.1, total_iters=3),
                part("ExponentialLR", gamma=0.8),
                part("StepLR", step_size=2, gamma=0.5),
                part("PolynomialLR", total_iters=10),
            ],
        },
    ),
    SchedulerCase("SequentialLR", {"milestones": [], "schedulers": [part("MultiStepLR", milestones=[2, 5])]}),
    SchedulerCase(
        "SequentialLR",
        {"milestones": [6], "schedulers": [part("ReduceLROnPlateau", patience=0), part("ExponentialLR", gamma=0.5)]},
        in_torch=False,
    ),
    SchedulerCase("ReduceLROnPlateau", {}),
    SchedulerCase("ReduceLROnPlateau", {"patience": 0, "factor": 0.5, "min_lr": 0.05}),
    SchedulerCase("ReduceLROnPlateau", {"patience": 2, "cooldown": 3, "factor": 0.5, "threshold": 0.01}),
    SchedulerCase("ReduceLROnPlateau", {"patience": 1, "threshold": 0.2, "threshold_mode": "abs"}),
    SchedulerCase("ReduceLROnPlateau", {"mode": "max", "patience": 3, "threshold": 0.1, "factor": 0.3}),
    SchedulerCase("ReduceLROnPlateau", {"mode": "max", "patience": 3, "threshold": 0.5, "threshold_mode": "abs"}),
    SchedulerCase("ReduceLROnPlateau", {"patience": 0, "factor": 0.5, "eps": 0.1}),
]

# Type, arguments, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("MultiStepLR", {"milestones": [3.5]}, r"milestones\.0: expected a whole number"),
    ("ExponentialLR", {"gamma": 0}, "gamma: expected a number above 0, got 0"),
    ("ExponentialLR", {"gamma": 0.9, "interval": "batch"}, 'interval: expected "step" or "epoch", got "batch"'),
    ("ExponentialLR", {"gamma": 0.9, "min_lr": -1}, "min_lr: expected a number of at least 0, got -1"),
    ("OneCycleLR", {"max_lr": 1, "total_steps": 0}, "total_steps: expected a whole number .* got 0"),
    ("StepLR", {"step_size": 0}, "step_size: expected a whole number of at least 1, got 0"),
    ("ConstantLR", {"factor": 1.5}, "factor: expected a number .*got 1.5"),
    ("ConstantLR", {"total_iters": None}, "total_iters: expected a whole number of at least 1, got null"),
    ("PolynomialLR", {"power": 0}, "power: expected a number above 0, got 0"),
    ("InverseTimeLR", {}, "decay: is missing: the decay rate"),
    ("InverseTimeLR", {"decay": -1}, "decay: expected a number of at least 0, got -1"),
    ("CosineAnnealingLR", {"T_max": 0}, "T_max: expected a whole number of at least 1 or null, got 0"),
    ("CosineAnnealingLR", {"t_max": 5}, "did you mean 'T_max'?"),
    ("CosineWarmRestarts", {"T_0": 5, "T_mult": 1.5}, "T_mult: expected a whole number of at least 1, got 1.5"),
    ("OneCycleLR", {}, "max_lr: is missing: the highest rate"),
    ("OneCycleLR", {"max_lr": 1, "pct_start": 30}, "pct_start: expected a number .*got 30"),
    ("OneCycleLR", {"max_lr": 1, "anneal_strategy": "sin"}, 'expected "cos" or "linear", got "sin"'),
    ("OneCycleLR", {"max_lr": 1, "cycle_momentum": True}, "OneCycleLR has no argument 'cycle_momentum'"),
    ("LinearWarmup", {"total_iters": 5, "start_factor": 0}, "start_factor: expected a number above 0.*got 0"),
    ("LinearWarmup", {"total_iters": 5, "scheduler": "StepLR"}, r"scheduler\.args\.step_size: is missing"),
    ("SequentialLR", {"schedulers": [], "milestones": []}, "schedulers: expected a list with at least 1"),
    ("SequentialLR", {"schedulers": ["ConstantLR"], "milestones": [3]}, "1 milestones and 1 schedulers"),
    ("SequentialLR", {"schedulers": ["ConstantLR"] * 3, "milestones": [3, 3]}, r"milestones must rise, got \[3, 3\]"),
    ("ReduceLROnPlateau", {"factor": 1}, "factor: expected a number of at least 0 and below 1, got 1"),
    ("ReduceLROnPlateau", {"mode": "auto"}, 'mode: expected "min" or "max", got "auto"'),
    ("ReduceLROnPlateau", {"patience": -1}, "patience: expected a whole number of at least 0, got -1"),
]
