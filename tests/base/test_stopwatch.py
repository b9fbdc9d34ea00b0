"""Times of the same part add up."""

import pytest

from base import stopwatch
from base.stopwatch import Stopwatch


def test_parts_add_up_also_where_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 1.0, 1.0, 3.5, 4.0, 4.25])
    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: next(times))  # type: ignore[attr-defined]
    watch = Stopwatch()
    with watch.timing("training"):
        pass
    with pytest.raises(KeyError), watch.timing("files"):
        raise KeyError
    with watch.timing("training"):
        pass
    assert str(watch) == "training 1.25 s, files 2.50 s"
