"""Reading and writing the files of a run, and saying clearly when that fails.

A run's folder may come from somebody else: links in it are not followed where a file is written, and what is no plain
file, such as a pipe, is neither waited for nor written to.
"""

import errno
import json
import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal

from base.errors import ConfigError, WriteError
from utils.config.limits import DEEPEST, check_extent

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
_NO_PERMISSION = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_PLAIN_FILE = {errno.ELOOP, errno.ENXIO}  # the latter is what opening a pipe without a reader gives
_NOT_FOR_FOLDERS = {errno.EINVAL, errno.ENOTSUP}  # what network file systems say that cannot flush them
SAVE_DIR = "choose another folder with trainer.save_dir"
OUTPUT = "choose another path with -o"
FIND_LR = "choose another path with --find-lr FILE"
_LONGEST_LINE = 2**20  # bytes
_LARGEST = 2**26  # bytes of a file that is read whole: far more than any of a run has
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # 0 on Windows, as the next; there links are looked for by name
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FLAGS = {"wb": os.O_WRONLY | os.O_CREAT, "ab": os.O_WRONLY | os.O_CREAT | os.O_APPEND}


@contextmanager
def writing(path: Path, other: str = SAVE_DIR) -> Iterator[None]:
    """Turn the system's refusal to write `path` into a WriteError that says what to do; `other` is how to avoid it."""
    try:
        yield
    except OSError as error:
        why = "it is a link, or no plain file" if error.errno in _NO_PLAIN_FILE else error.strerror or error
        raise WriteError(f"cannot write {path}: {why}; {_advice(error.errno, other)}") from error


def open_descriptor(path: Path, flags: int) -> int:
    """The descriptor of a file of a run, opened to be written. Raises OSError for a link, and for what is no file."""
    if not _NO_LINK and path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    handle = os.open(path, flags | _NO_LINK | _NO_WAIT, 0o666)
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode) or facts.st_nlink > 1:  # a second name may be in a folder of the reader's own
        os.close(handle)
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return handle


@contextmanager
def opened(path: Path, mode: Literal["wb", "ab"], other: str = SAVE_DIR) -> Iterator[BinaryIO]:
    """A file of a run, to be written or added to. Raises WriteError, which advises `other`.

    A path that the user chose on the command line is opened as it is: it is theirs to choose a link or a device.
    """
    with writing(path, other):
        if other in (OUTPUT, FIND_LR):
            file = path.open(mode)
        else:
            handle = open_descriptor(path, _FLAGS[mode])
            file = os.fdopen(handle, mode)
            if mode == "wb":
                os.ftruncate(handle, 0)
        with file:
            yield file


def open_plain(path: Path) -> BinaryIO:
    """A file to be read. Raises OSError, also where it is a folder, or a pipe that reading would wait for."""
    handle = os.open(path, os.O_RDONLY | _NO_WAIT)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.ELOOP, "it is no plain file")
    return os.fdopen(handle, "rb")


def whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, up to one that is cut short, as a crash can leave it, or longer than any of a run's."""
    while (line := file.readline(_LONGEST_LINE)).endswith(b"\n"):
        yield line


def read_plain(path: Path) -> bytes:
    """The content of a file. Raises OSError, also where it is no plain file or larger than any of a run."""
    with open_plain(path) as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {_LARGEST >> 20} MiB")
    return content


def read_object(path: Path) -> dict[str, Any]:
    """The object in a JSON file of a run; empty where there is no such file, or anything else in it."""
    try:
        content = read_plain(path)
        held = json.loads(content)
        if content.count(b"{") + content.count(b"[") > DEEPEST:  # else it cannot be nested deeper
            check_extent(held, str(path), most=math.inf)
    except (OSError, ValueError, RecursionError, ConfigError):
        return {}
    return held if isinstance(held, dict) else {}


@contextmanager
def replacing(path: Path, other: str = SAVE_DIR, flush: bool = True, flush_folder: bool = True) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when the block ends, whole and flushed to disk, or not at all.

    Not flushed, it is whole whenever the program is killed, and may be lost with the machine; without `flush_folder`
    it may be the one before. Raises WriteError, which advises `other`.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with writing(path, other):
        try:
            temporary.unlink(missing_ok=True)  # a killed process of that number may have left one
            with os.fdopen(open_descriptor(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
                yield file
                file.flush()
                if flush:
                    os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        if flush and flush_folder:
            _flush_folder(path.parent)


def replace_text(path: Path, text: str, other: str = SAVE_DIR, flush: bool = True) -> None:
    """Write a text file, whole or not at all. Raises WriteError, which advises `other`."""
    with replacing(path, other, flush) as file:
        file.write(text.encode())


def make_folder(folder: Path, other: str = SAVE_DIR) -> None:
    """Make a folder and those above it where they are missing. Raises WriteError, which advises `other`."""
    with writing(folder, other):
        folder.mkdir(parents=True, exist_ok=True)


def make_own_folder(folder: Path) -> None:
    """Make a folder within that of a run. Raises WriteError, also where a link stands for it."""
    make_folder(folder)
    with writing(folder):
        if folder.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def expect_own(path: Path) -> None:
    """Raise WriteError where a file that a library is to open and write is a link, or no plain file."""
    with writing(path):
        if os.path.lexists(path):
            os.close(open_descriptor(path, os.O_RDWR))


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        try:
            handle = os.open(folder, os.O_RDONLY)
        except PermissionError:  # it may be written to and not listed
            return
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _NOT_FOR_FOLDERS:
                raise
        finally:
            os.close(handle)


def _advice(code: int | None, other: str) -> str:
    if code in _NO_SPACE:
        return f"free some space, or {other}"
    if code in _NO_PLAIN_FILE:
        return f"files of a run are plain files with one name: remove it, or {other}"
    if code == errno.EFBIG:
        return f"raise the limit of this shell on the size of files (ulimit -f), or {other}"
    if code in _NO_PERMISSION:
        return f"allow writing there, or {other}"
    return f"see whether the path is right, or {other}"
