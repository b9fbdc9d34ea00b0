"""Limits of containers and batch jobs, of both versions of control groups, wherever in the tree they stand."""

from pathlib import Path

import pytest

from utils import cgroup, cores


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty tree of control groups, and a process in /job/step of both versions."""
    (tmp_path / "membership").write_text(
        "4:cpu,cpuacct:/job/step\n3:memory:/job/step\n1:name=systemd:/x\n0::/job/step\n"
    )
    monkeypatch.setattr(cgroup, "_MOUNT", tmp_path / "mount")
    monkeypatch.setattr(cgroup, "_MEMBERSHIP", tmp_path / "membership")
    return tmp_path / "mount"


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)


def test_without_limits_there_are_none(tree: Path) -> None:
    write(tree, cpu__max="max 100000\n", memory__max="max\n", memory__current="5\n")
    write(tree / "cpu", cpu__cfs_quota_us="-1\n", cpu__cfs_period_us="100000\n")
    assert cgroup.cpu_quota() is None
    assert cgroup.memory_left() is None


@pytest.mark.parametrize("place", ["", "job", "job/step"])
def test_a_quota_of_version_2_is_found_in_the_group_or_above(tree: Path, place: str) -> None:
    write(tree / place, cpu__max="150000 100000\n", memory__max="1000\n", memory__current="200\n")
    assert cgroup.cpu_quota() == 1.5
    assert cgroup.memory_left() == 800


@pytest.mark.parametrize("place", ["cpu", "cpu,cpuacct/job", "cpu,cpuacct/job/step"])
def test_a_quota_of_version_1_is_found_too(tree: Path, place: str) -> None:
    write(tree / place, cpu__cfs_quota_us="250000\n", cpu__cfs_period_us="100000\n")
    assert cgroup.cpu_quota() == 2.5


@pytest.mark.parametrize("place", ["memory", "memory/job"])
def test_a_memory_limit_of_version_1_is_found_too(tree: Path, place: str) -> None:
    write(tree / place, memory__limit_in_bytes="1000\n", memory__usage_in_bytes="990\n")
    assert cgroup.memory_left() == 500


def test_the_tightest_limit_counts(tree: Path) -> None:
    write(tree / "job", cpu__max="400000 100000\n")
    write(tree / "job" / "step", cpu__max="100000 100000\n")
    assert cgroup.cpu_quota() == 1.0


@pytest.mark.parametrize("content", ["", "many few\n", "1\n", "100000 0\n"])
def test_what_cannot_be_read_limits_nothing(tree: Path, content: str) -> None:
    write(tree, cpu__max=content, memory__max=content)
    assert cgroup.cpu_quota() is None
    assert cgroup.memory_left() is None


@pytest.mark.parametrize(("quota", "expected"), [(None, 4), (8.0, 4), (2.5, 2), (1.0, 1), (0.2, 1)])
def test_cores_are_those_of_the_affinity_and_the_quota(
    monkeypatch: pytest.MonkeyPatch, quota: float | None, expected: int
) -> None:
    monkeypatch.setattr(cores.sys, "platform", "linux")
    monkeypatch.setattr(cores.os, "sched_getaffinity", lambda process: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(cores, "cpu_quota", lambda: quota)
    assert cores.cores() == expected
