"""The one-cycle policy."""

from typing import Annotated, Literal

from base.base_scheduler import PlannedScheduler
from base.constraints import Positive, PositiveInt, Range
from trainer.schedulers.cosine import annealed


class OneCycleLR(PlannedScheduler):
    """From max_lr / div_factor up to max_lr, then down to max_lr / (div_factor * final_div_factor), a change each step.

    As torch.optim.lr_scheduler.OneCycleLR with cycle_momentum false: momentum stays as it is. The optimizer's lr does
    not matter. After total_steps the rate stays at its lowest. Smith and Topin, "Super-Convergence", 2018.

    max_lr: the highest rate.
    total_steps: the number of steps of the cycle (null: the whole run).
    pct_start: the fraction of them in which the rate rises.
    anneal_strategy: whether rise and fall are cosines or straight lines.
    div_factor: the initial rate is max_lr / div_factor.
    final_div_factor: the final rate is the initial rate / final_div_factor.
    three_phase: whether the rate first falls back to the initial one, in as many steps as it rose, and then further.
    """

    def __init__(
        self,
        max_lr: Positive,
        total_steps: PositiveInt | None = None,
        pct_start: Annotated[float, Range(ge=0, le=1)] = 0.3,
        anneal_strategy: Literal["cos", "linear"] = "cos",
        div_factor: Positive = 25.0,
        final_div_factor: Positive = 1e4,
        three_phase: bool = False,
    ) -> None:
        super().__init__("step")
        self.max_lr = max_lr
        self.total_steps = total_steps
        self.pct_start = pct_start
        self.anneal_strategy = anneal_strategy
        self.div_factor = div_factor
        self.final_div_factor = final_div_factor
        self.three_phase = three_phase

    def rate(self, base_lr: float, count: int) -> float:
        begin, low = 0.0, self.max_lr / self.div_factor
        for end, high in self._phases():
            if count <= end:
                return self._between(low, high, (count - begin) / (end - begin) if end > begin else 1.0)
            begin, low = end, high
        return low

    def _phases(self) -> list[tuple[float, float]]:
        """The last step of each phase, and the rate there."""
        total, initial = self.total_steps or self.length, self.max_lr / self.div_factor
        rise = self.pct_start * total
        back = [(2 * rise - 2, initial)] if self.three_phase else []
        return [(rise - 1, self.max_lr), *back, (total - 1, initial / self.final_div_factor)]

    def _between(self, start: float, end: float, fraction: float) -> float:
        return annealed(start, end, fraction) if self.anneal_strategy == "cos" else start + (end - start) * fraction
