"""The processor's cores."""

import os
import sys

from utils.cgroup import cpu_quota


def cores() -> int:
    """The number of logical cores that this process may use, by its affinity and the quota of its container."""
    if sys.platform != "linux":
        return os.cpu_count() or 1
    own, quota = len(os.sched_getaffinity(0)), cpu_quota()
    return own if quota is None else max(1, min(own, int(quota)))  # part of a core would hold up all the others
