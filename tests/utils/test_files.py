"""Failures to write become messages that a user can act on."""

import errno
import os
import stat
from pathlib import Path

import pytest

from base.errors import WriteError
from utils.files import make_folder, replace_text, writing


@pytest.mark.parametrize(
    ("code", "advice"),
    [(errno.ENOSPC, "free some space"), (errno.EACCES, "allow writing there"), (errno.EISDIR, "path is right")],
)
def test_a_refused_write_names_the_file_the_reason_and_what_to_do(code: int, advice: str) -> None:
    message = rf"cannot write saved/last\.npz: the reason; .*{advice}.*trainer\.save_dir"
    with pytest.raises(WriteError, match=message), writing(Path("saved/last.npz")):
        raise OSError(code, "the reason")


def test_other_errors_pass_unchanged() -> None:
    with pytest.raises(ZeroDivisionError), writing(Path("x")):
        raise ZeroDivisionError


def test_folders_are_made_with_those_above_them_and_may_exist(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_below_a_file_is_a_write_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="Not a directory"):
        make_folder(tmp_path / "file" / "b")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere folders are not flushed")
@pytest.mark.parametrize(("code", "is_refused"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_file_system_that_cannot_flush_folders_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, is_refused: bool
) -> None:
    def flush(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", flush)
    if is_refused:
        with pytest.raises(WriteError):
            replace_text(tmp_path / "x", "text")
    else:
        replace_text(tmp_path / "x", "text")
    assert (tmp_path / "x").read_text() == "text"
