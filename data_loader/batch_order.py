"""The samples of each step's batch."""

import numpy as np

from base.random_streams import RandomStreams
from base.types import Array


class BatchOrder:
    """The batches of a data set, pass after pass, as a pure function of (seed, step).

    The last batch of a pass holds what is left. Nothing is kept but the current pass' order, so a run can go on from
    any step without replaying those before. Given labels, a shuffled pass draws classes equally often: it is as long,
    but repeats samples of rare classes and leaves out some of common ones.
    """

    def __init__(
        self, samples: int, batch_size: int, shuffle: bool, streams: RandomStreams, labels: Array | None = None
    ) -> None:
        if labels is not None and not shuffle:
            raise ValueError("classes are drawn equally often in random order alone: shuffle must be true")
        self.samples = samples
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.streams = streams
        self.batches_per_pass = -(-samples // batch_size)
        self._members = None if labels is None else [np.flatnonzero(labels == label) for label in np.unique(labels)]
        self._pass = -1
        self._order: Array = np.arange(samples)

    def batch(self, step: int) -> Array:
        """The samples of the step, counted from 0."""
        number, position = divmod(step, self.batches_per_pass)
        if self.shuffle and number != self._pass:
            generator = self.streams.generator("order", number)
            if self._members is None:
                self._order = generator.permutation(self.samples)
            else:
                self._order = balanced_order(self._members, self.samples, generator)
            self._pass = number
        return self._order[position * self.batch_size : (position + 1) * self.batch_size]


def balanced_order(members: list[Array], count: int, generator: np.random.Generator) -> Array:
    """So many samples in random order, of each class its equal share to within one; `members` has a class' samples.

    A class goes through permutations of its samples, one after another, so that none of them is drawn two times more
    often than another. Which classes have one sample more is drawn too.
    """
    shares = np.full(len(members), count // len(members))
    shares[generator.permutation(len(members))[: count % len(members)]] += 1
    drawn = []
    for own, share in zip(members, shares.tolist(), strict=True):
        rounds = generator.random((-(-share // len(own)), len(own))).argsort(axis=1, kind="stable")
        drawn.append(own[rounds.reshape(-1)[:share]])
    return generator.permutation(np.concatenate(drawn))
