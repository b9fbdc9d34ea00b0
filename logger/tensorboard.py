"""TensorBoard's event file, written without a thread of its own: a process that has threads cannot be forked safely."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.errors import UserError
from base.types import Array
from utils.files import make_own_folder, open_plain, opened

if TYPE_CHECKING:
    from tensorboard.compat.proto.event_pb2 import Event

_BINS = 30
_HEAD, _TAIL = 12, 4  # bytes around each record: its length with a checksum, and a checksum of the record


def check_tensorboard_installed() -> None:
    """Raise UserError where TensorBoard is not installed, or not whole."""
    try:
        import tensorboard.compat.proto.event_pb2
        import tensorboard.summary.writer.record_writer  # noqa: F401
    except ImportError as error:
        raise UserError(
            f"trainer.tensorboard: TensorBoard cannot be used ({error}); install it with "
            f'pip install -e ".[tensorboard]", or set it to false'
        ) from None


class EventFile:
    """`events.out.tfevents`: scalars, histograms and images by step, gathered until `commit` adds them to the file.

    The file is only open while it is written. Opened with `steps`, it goes on after the last commit of at most that
    many steps, which `step` tells (-1: there is none), and drops what comes later. Raises WriteError.
    """

    def __init__(self, folder: Path, steps: int) -> None:
        self.path = folder / "events.out.tfevents.0.run"  # TensorBoard knows it by the middle
        self._waiting: list[Event] = []
        make_own_folder(folder)
        self.step, length = _last_commit(self.path, steps)
        with opened(self.path, "ab") as file:
            file.truncate(length)
        if not length:
            self._waiting.append(_event(0, file_version="brain.Event:2"))

    def add_scalars(self, step: int, figures: Mapping[str, float]) -> None:
        """Add numbers by tag."""
        from tensorboard.compat.proto.summary_pb2 import Summary

        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in figures.items()]
        self._waiting.append(_event(step, summary=Summary(value=values)))

    def add_histogram(self, step: int, tag: str, values: Array) -> None:
        """Add how often which values occur among some."""
        from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary

        fine = values.astype(np.float64).ravel()
        counts, edges = np.histogram(fine, _BINS)
        histogram = HistogramProto(
            min=fine.min(), max=fine.max(), num=fine.size, sum=fine.sum(), sum_squares=np.square(fine).sum(),
            bucket_limit=edges[1:].tolist(), bucket=counts.tolist(),
        )  # fmt: skip
        self._waiting.append(_event(step, summary=Summary(value=[Summary.Value(tag=tag, histo=histogram)])))

    def add_image(self, step: int, tag: str, png: bytes) -> None:
        """Add a PNG."""
        from tensorboard.compat.proto.summary_pb2 import Summary

        width, height = struct.unpack(">II", png[16:24])
        image = Summary.Image(width=width, height=height, encoded_image_string=png)
        self._waiting.append(_event(step, summary=Summary(value=[Summary.Value(tag=tag, image=image)])))

    def commit(self, step: int) -> None:
        """Write what waits, all that there is up to a step; a kill does not lose it, the machine may."""
        from tensorboard.compat.proto.event_pb2 import SessionLog
        from tensorboard.summary.writer.record_writer import RecordWriter

        records, waiting = BytesIO(), self._waiting
        if not waiting:
            return
        writer = RecordWriter(records)
        for event in [*waiting, _event(step, session_log=SessionLog(status=SessionLog.CHECKPOINT))]:
            writer.write(event.SerializeToString())
        with opened(self.path, "ab") as file:
            file.write(records.getvalue())
        self.step, self._waiting = step, []


def _event(step: int, **what: object) -> Event:
    from tensorboard.compat.proto.event_pb2 import Event

    event: Event = Event(wall_time=time.time(), step=step, **what)
    return event


def _last_commit(path: Path, steps: int) -> tuple[int, int]:
    """The step of the last commit of at most so many steps, and the length of the file up to it."""
    from tensorboard.compat.proto.event_pb2 import SessionLog

    last = (-1, 0)
    for event, end in _events(path):
        if event.session_log.status == SessionLog.CHECKPOINT:
            if event.step > steps:
                break
            last = (event.step, end)
    return last


def _events(path: Path) -> Iterator[tuple[Event, int]]:
    """Every whole event with where it ends in the file."""
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto.event_pb2 import Event

    content, start = b"", 0
    with suppress(OSError), open_plain(path) as file:
        content = file.read()
    while start + _HEAD <= len(content):
        (length,) = struct.unpack_from("<Q", content, start)
        end = start + _HEAD + length + _TAIL
        if end > len(content):
            return
        try:
            event = Event.FromString(content[start + _HEAD : end - _TAIL])
        except DecodeError:
            return
        yield event, end
        start = end
