"""The samples of each step's batch."""

import numpy as np

from base.random_streams import RandomStreams
from base.types import Array


class BatchOrder:
    """The batches of a data set, pass after pass, as a pure function of (seed, step).

    The last batch of a pass holds what is left. Nothing is kept but the current pass' permutation, so a run can go on
    from any step without replaying those before.
    """

    def __init__(self, samples: int, batch_size: int, shuffle: bool, streams: RandomStreams) -> None:
        self.samples = samples
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.streams = streams
        self.batches_per_pass = -(-samples // batch_size)
        self._pass = -1
        self._order: Array = np.arange(samples)

    def batch(self, step: int) -> Array:
        """The samples of the step, counted from 0."""
        number, position = divmod(step, self.batches_per_pass)
        if self.shuffle and number != self._pass:
            self._order = self.streams.generator("order", number).permutation(self.samples)
            self._pass = number
        return self._order[position * self.batch_size : (position + 1) * self.batch_size]
