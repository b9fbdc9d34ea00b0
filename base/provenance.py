"""The samples that a network was trained on, so far as a checkpoint remembers them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from base.dataset import Dataset
from base.state import State
from base.statistics import BLOCK
from base.types import Array

MOST_HASHES = 200_000
INPUTS_DIFFER = "the inputs differ"
MOST_BYTES = 2**26  # of the inputs that a fingerprint looks at


@dataclass(frozen=True)
class Provenance:
    """A fingerprint of the data before their split, the sizes of its parts, and a hash of each training sample.

    `hashes` are sorted, of every `hash_step`-th training sample: of each where there are no more than 200,000.
    """

    fingerprint: dict[str, Any]
    split: dict[str, int]
    hashes: Array
    hash_step: int

    @classmethod
    def of(cls, data: Dataset, training: Dataset, validation: Dataset | None) -> Provenance:
        """The provenance of data and of their parts, which are read as a network reads them."""
        split = {"training": len(training), "validation": 0 if validation is None else len(validation)}
        step = -(-len(training) // MOST_HASHES)
        known = training.subset(np.arange(0, len(training), step))
        return cls(fingerprint(data), split, np.sort(sample_hashes(known)), step)

    def changes(self, data: Dataset) -> list[str]:
        """Differences of data from those of the fingerprint, in words."""
        now = fingerprint(data)
        told = {"content": INPUTS_DIFFER, "labels": "the targets differ"}
        return [
            told.get(key, f"{key} {_shown(now.get(key))}, was {_shown(self.fingerprint.get(key))}")
            for key in now
            if now[key] != self.fingerprint.get(key)
        ]

    def trained_on(self, data: Dataset) -> int:
        """The number of these samples that are known to be training samples."""
        return int(np.isin(sample_hashes(data), self.hashes).sum())

    def overlap(self, data: Dataset, part: str) -> list[str]:
        """A sentence on samples that are training samples too, where there are such."""
        count = self.trained_on(data)
        if not count:
            return []
        told = f"{count:,} of the {len(data):,} {part} samples are training samples too"
        return [f"at least {told} (one in {self.hash_step} of these is known)" if self.hash_step > 1 else told]

    def state_dict(self) -> State:
        """Plain values, and the hashes as an array."""
        return dict(vars(self))

    @classmethod
    def from_state(cls, state: State) -> Provenance:
        """The provenance of such a state."""
        return cls(*(state[name] for name in cls.__dataclass_fields__))


def fingerprint(data: Dataset) -> dict[str, Any]:
    """Names, sizes, and digests of the targets and of at most 64 MiB of the inputs, which are evenly spread."""
    names: dict[str, Any] = {} if data.classes is None else {"classes": list(data.classes)}
    if data.columns is not None:
        names["columns"] = [column.name for column in data.columns]
    size = max(1, len(data) * data.inputs[:1].nbytes)
    spread = data.subset(np.arange(0, len(data), -(-size // MOST_BYTES)))
    inputs, targets = hashlib.sha256(), hashlib.sha256(np.ascontiguousarray(data.read_targets(slice(None))).tobytes())
    for block in _blocks(spread):
        inputs.update(np.ascontiguousarray(block).tobytes())
    return names | {
        "samples": len(data),
        "shape": list(data.input_shape),
        "labels": targets.hexdigest()[:16],
        "content": inputs.hexdigest()[:16],
    }


def sample_hashes(data: Dataset) -> Array:
    """A 64-bit hash of each sample's inputs as they are stored, the same for equal numbers of any type."""
    hashes = np.empty(len(data), np.uint64)
    start = 0
    for block in _blocks(data):
        rows = block.reshape(len(block), -1)
        with np.errstate(all="ignore"):
            as_bytes = rows.astype(np.uint8, order="C")
        are_bytes = (as_bytes == rows).all(axis=1)
        if not are_bytes.all():
            rows = rows.astype(np.float64, order="C") + 0.0  # -0 as 0
        for number, is_byte in enumerate(are_bytes.tolist()):
            row = as_bytes[number] if is_byte else rows[number]
            digest = hashlib.blake2b(row.data, digest_size=8).digest()
            hashes[start + number] = int.from_bytes(digest, "little")
        start += len(block)
    return hashes


def _blocks(data: Dataset) -> Iterator[Array]:
    step = max(1, BLOCK // max(1, data.inputs[:1].size))
    for start in range(0, len(data), step):
        yield np.asarray(data.inputs[data.rows[start : start + step]])


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value[:10])) + (", ..." if len(value) > 10 else "")
    return str(value)
