"""What SGD refuses, and what it keeps."""

import pytest

from trainer.optimizers.sgd import SGD


@pytest.mark.parametrize(("momentum", "dampening"), [(0.0, 0.0), (0.9, 0.1)])
def test_nesterov_needs_momentum_and_no_dampening(momentum: float, dampening: float) -> None:
    with pytest.raises(ValueError, match="nesterov needs a momentum above 0 and dampening 0"):
        SGD(0.1, momentum=momentum, dampening=dampening, nesterov=True)


def test_without_momentum_there_is_no_state() -> None:
    assert (SGD(0.1).slots, SGD(0.1, momentum=0.9).slots) == ({}, {"momentum_buffer": 0.0})
