"""Files are fetched from a server whole and as published, or not at all; the server is one of this test's own."""

import hashlib
import re
import threading
import tracemalloc
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from base.errors import DataError, WriteError
from data_loader import download
from data_loader.download import MIRRORS, Mirror, Published, fetch_missing
from data_loader.loaders.mnist import MnistDataLoader
from tests.fake_mnist import TRAINING

LABELS = "t10k-labels-idx1-ubyte.gz"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and prints nothing; a file that is asked for with "cut" ends before its length says."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def send_header(self, keyword: str, value: str) -> None:
        super().send_header(keyword, "1000000" if "cut" in self.path and keyword == "Content-Length" else value)


@pytest.fixture(scope="module")
def server(fake_mnist: Path) -> Iterator[str]:
    """The address of a server of the fake MNIST."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(fake_mnist))) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()
        thread.join()


def published(content: bytes) -> Published:
    return Published(len(content), hashlib.sha256(content).hexdigest())


@pytest.fixture
def mirror(server: str, fake_mnist: Path, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """The server, as what KMNIST is fetched from."""
    found = Mirror(server, {path.name: published(path.read_bytes()) for path in fake_mnist.iterdir()})
    monkeypatch.setitem(MIRRORS, "KMNIST", found)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return found


def test_missing_files_are_fetched_and_those_that_are_there_are_left(
    mirror: Mirror, fake_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new" / "kmnist"
    assert len(MnistDataLoader(str(folder), download="KMNIST").read_training()) == TRAINING
    assert sorted(path.name for path in folder.iterdir()) == sorted(mirror.files)
    (folder / "train-labels-idx1-ubyte.gz").rename(folder / "kept")
    (folder / "train-labels-idx1-ubyte").write_bytes(b"unpacked, so not fetched")
    monkeypatch.setattr(download, "_fetch", lambda *_: pytest.fail("there was nothing to fetch"))
    fetch_missing("KMNIST", folder)


def test_nothing_is_fetched_unless_asked_for(mirror: Mirror, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no folder"):
        MnistDataLoader(str(tmp_path / "none")).read_training()
    assert list(tmp_path.iterdir()) == []


def test_another_file_than_the_published_is_not_kept(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files[LABELS] = Published(mirror.files[LABELS].size, "0" * 64)
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte\.gz: its SHA-256 is .*it was not kept"):
        fetch_missing("KMNIST", tmp_path)
    assert LABELS not in {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(("more", "found"), [(-1, "more than"), (1, "")], ids=["longer", "shorter"])
def test_a_file_of_another_size_is_not_kept(mirror: Mirror, tmp_path: Path, more: int, found: str) -> None:
    size = mirror.files[LABELS].size + more
    mirror.files[LABELS] = Published(size, mirror.files[LABELS].sha256)
    with pytest.raises(DataError, match=rf"has {found}.* bytes, but the published file has {size}; it was not kept"):
        fetch_missing("KMNIST", tmp_path)
    assert LABELS not in {path.name for path in tmp_path.iterdir()}


def test_no_more_is_read_than_a_file_has(mirror: Mirror, fake_mnist: Path, tmp_path: Path) -> None:
    endless = fake_mnist / "endless"
    with endless.open("wb") as file:
        file.truncate(2**28)
    mirror.files.clear()
    mirror.files["endless"] = Published(1000, "0" * 64)
    tracemalloc.start()
    with pytest.raises(DataError, match="endless: has more than 1000 bytes"):
        fetch_missing("KMNIST", tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 2**21
    tracemalloc.stop()
    endless.unlink()


def test_every_file_has_a_size_and_a_sum_of_its_own() -> None:
    files = [file for mirror in MIRRORS.values() for file in mirror.files.values()]
    assert len({file.sha256 for file in files}) == len({file.size for file in files}) == 12
    assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in files)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("{server}missing/", r"cannot be downloaded \(.*File not found"),
        ("http://127.0.0.1:1/", r"cannot be downloaded .*put the files into .* by hand"),
        ("{server}", r"cannot be downloaded|has \d+ bytes, but the published file has 1000000"),
    ],
    ids=["no such file", "no server", "cut short"],
)
def test_without_the_files_the_message_says_what_to_do(
    address: str, words: str, mirror: Mirror, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"?cut": Published(10**6, "0" * 64)} if address == "{server}" else mirror.files
    monkeypatch.setitem(MIRRORS, "KMNIST", Mirror(address.format(server=server), names))
    with pytest.raises(DataError, match=words):
        fetch_missing("KMNIST", tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_a_folder_that_cannot_be_written_is_a_write_error(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(WriteError, match=r"cannot write .*data_dir"):
        fetch_missing("KMNIST", tmp_path / "file")
