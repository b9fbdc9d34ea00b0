"""A worker that is late, as any may be on a busy machine, changes no bit."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.running import Config, arrays, records, run, same_bits
from trainer.workers.make import make_workers
from trainer.workers.processes import Processes

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

KINDS = {
    "clipping": ('trainer.grad_clip={"norm": 0.3}',),
    "average and bounds": ('trainer.ema={"decay": 0.9}', 'regularizer={"type": "MaxNorm", "args": {"max_norm": 0.5}}'),
    "accumulation": ("trainer.accumulate_steps=3", 'trainer.grad_clip={"norm": 0.3}', "optimizer=Adam"),
    "batch norm": (
        'arch={"type": "CNN", "args": {"channels": [2], "kernel_size": 3, "hidden_sizes": [8], "classes": 10, '
        '"batch_norm": true, "dropout": 0.2}}',
        'lr_scheduler={"type": "ReduceLROnPlateau", "args": {"figure": "val_loss", "patience": 0}}',
    ),
}


def late(is_late: Callable[[Processes], bool]) -> Any:
    """Workers of which some take their time after each run."""
    original = Processes.run

    def slow_run(self: Processes, function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        original(self, function, tasks)
        if is_late(self):
            time.sleep(0.002)

    return slow_run


@pytest.mark.skipif(not isinstance(make_workers(2), Processes), reason="workers are threads here")
@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS.keys())
def test_whoever_is_late_every_bit_is_the_same(
    config: Config, changes: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = run(config, *changes, "trainer.threads=1", run_id="alone")
    for name, is_late in {"leader": lambda it: it.is_leader, "follower": lambda it: not it.is_leader}.items():
        with monkeypatch.context() as patched:
            patched.setattr(Processes, "run", late(is_late))
            shared = run(config, *changes, "trainer.threads=2", run_id=name)
        assert same_bits(arrays(alone.last), arrays(shared.last)), f"the {name} was late"
        both = [[{**record, "seconds": 0} for record in records(folder)] for folder in (alone, shared)]
        assert both[0] == both[1]
        assert (alone.log / "steps.csv").read_bytes() == (shared.log / "steps.csv").read_bytes()
