"""Random streams keyed by purpose and counters."""

import hashlib
from functools import lru_cache

import numpy as np

from base.random_generator import RandomGenerator


class RandomStreams:
    """Independent generators, each a pure function of (seed, purpose, counters).

    Philox is counter-based (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): its state is a key
    and a counter, so any stream can be created at any time without drawing what comes before it. So a resumed run, or
    one with another number of threads, draws the same numbers.

    >>> streams = RandomStreams(seed=309)
    >>> bool(streams.generator("order", 3).random() == streams.generator("order", 3).random())
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def generator(self, purpose: str, *counters: int) -> RandomGenerator:
        """The stream for a purpose, such as "dropout/linear1", at up to three counters, such as step and shard."""
        if len(counters) > 3:
            raise ValueError(f"a random stream takes at most three counters, got {counters}")
        words = np.zeros(4, dtype=np.uint64)  # the lowest word counts the draws of this stream
        words[1 : 1 + len(counters)] = counters
        return RandomGenerator(np.random.Philox(key=_key(self.seed, purpose), counter=words))


@lru_cache(maxsize=4096)
def _key(seed: int, purpose: str) -> int:
    digest = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=16).digest()
    return int.from_bytes(digest, "little")
