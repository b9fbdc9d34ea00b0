"""Random numbers of a sampler."""

import numpy as np


def seed_of(seed: int, number: int) -> int:
    """The seed of one setting's random numbers."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
