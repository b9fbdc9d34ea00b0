"""Pages of the server: what they hold, and what is not served."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from base.errors import UserError
from tests.running import PROJECT, command
from tests.tools.watch.making import made_run, made_search
from tools.watch.serve import Watch
from utils.command_line import watch_arguments
from utils.local_server import Answer, Request


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two runs, of which the first has a page, and a search."""
    root = tmp_path / "saved"
    run = made_run(root, "a", optimizer={"type": "SGD", "args": {"lr": 0.1}})
    (run.files.log / "report.html").write_text("<title>a's own</title>")
    made_run(root, "rates-0002-s1", optimizer={"type": "SGD", "args": {"lr": 0.2}})
    made_search(root, state="done")
    (tmp_path / "secret.html").write_text("not for you")
    return root


def get(root: Path, path: str, **query: str) -> Answer:
    """The answer to a request."""
    return Watch(root)(Request("GET", path, query))


def test_the_page_holds_no_run_and_names_its_folder(root: Path) -> None:
    page = get(root, "").body.decode()
    assert f"<title>Runs in {root}</title>" in page
    assert "rates-0002" not in page


def test_a_runs_page_is_its_file_which_runs_apart_and_reaches_nothing(root: Path) -> None:
    answer = get(root, "report", run="log/net/a")
    assert answer.body == b"<title>a's own</title>"
    assert answer.policy.endswith("sandbox allow-scripts")
    assert "connect-src" not in answer.policy
    assert answer.policy.startswith("default-src 'none'")


def test_a_run_without_a_page_has_one_that_is_made_now(root: Path) -> None:
    page = get(root, "report", run="log/net/rates-0002-s1").body.decode()
    assert "rates-0002-s1" in page
    assert "val_accuracy" in page
    assert not (root / "log/net/rates-0002-s1/report.html").exists()


def test_runs_are_compared_with_links_to_their_pages(root: Path) -> None:
    page = get(root, "compare", runs="log/net/a\nlog/net/rates-0002-s1\nlog/net/gone").body.decode()
    assert "2 runs compared" in page
    assert "optimizer.args.lr" in page
    assert 'href="report?run=log%2Fnet%2Fa"' in page


def test_comparing_runs_imports_none_of_their_modules(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    (root.parent / "their_module.py").write_text("raise SystemExit(3)")
    for name in ("x", "y"):
        made_run(root, name, imports=["their_module"])
    assert get(root, "compare", runs="log/net/x\nlog/net/y").status == 200
    assert "their_module" not in sys.modules


def test_a_search_has_its_settings_the_best_first(root: Path) -> None:
    page = get(root, "search", name="search/rates").body.decode()
    best, second = page.index(">0.875<"), page.index(">0.75<")
    assert best < second < page.index(">pruned<")
    assert 'href="report?run=log%2Fnet%2Frates-0002-s1"' in page
    assert "0.22346" in page
    assert "deviation" not in page


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("report", {"run": "../secret.html"}),
        ("report", {"run": ".."}),
        ("report", {"run": "log/net"}),
        ("report", {}),
        ("search", {"name": "search/../log"}),
        ("search", {"name": "/"}),
        ("compare", {}),
        ("compare", {"runs": "../saved/log/net/a"}),
        ("log/net/a/report.html", {}),
        ("../secret.html", {}),
        ("/etc/passwd", {}),
        ("runs/", {}),
    ],
)
def test_what_is_not_in_the_list_is_not_there(root: Path, path: str, query: dict[str, str]) -> None:
    answer = get(root, path, **query)
    assert answer.status == 404
    assert set(json.loads(answer.body)) == {"error"}


@pytest.mark.skipif(os.name != "posix", reason="makes links")
def test_links_out_of_the_folder_are_not_served(root: Path) -> None:
    page = root / "log/net/a/report.html"
    page.unlink()
    page.symlink_to(root.parent / "secret.html")
    with pytest.raises(UserError, match="lies outside of"):
        get(root, "report", run="log/net/a")
    (root / "log/net/rates-0002-s1/curves.png").symlink_to(root.parent / "secret.html")
    with pytest.raises(UserError, match="is a link, which may lead anywhere"):
        get(root, "report", run="log/net/rates-0002-s1")


def test_nothing_can_be_changed_and_too_many_runs_are_not_compared(root: Path) -> None:
    assert Watch(root)(Request("POST", "runs")).status == 405
    with pytest.raises(UserError, match="choose 30 runs at most"):
        get(root, "compare", runs="\n".join(map(str, range(31))))


@pytest.mark.parametrize("since", ["x", "-1", "9" * 400, "٣"])
def test_a_version_that_is_none_is_as_none_was_given(root: Path, since: str) -> None:
    assert len(json.loads(get(root, "runs", since=since).body)["runs"]) == 2


def test_it_watches_saved_where_no_folder_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert watch_arguments([]).folder == Path("saved")
    with pytest.raises(SystemExit) as end:
        watch_arguments(["--help"])
    assert end.value.code == 0
    assert "--no-browser" in capsys.readouterr().out


@pytest.fixture
def program(root: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """watch.py as a user runs it, and its address."""
    words = command("watch.py", root, "--no-browser")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)
    assert process.stdout
    late = threading.Timer(60, process.kill)
    late.start()
    yield process, process.stdout.readline().rpartition(" ")[2].strip()
    late.cancel()
    process.kill()
    process.communicate()


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C")
def test_the_program_answers_its_own_page_alone_until_ctrl_c(program: tuple[subprocess.Popen[str], str]) -> None:
    process, address = program
    url = urlsplit(address)

    def status(path: str, **headers: str) -> int:
        connection = HTTPConnection(url.netloc, timeout=30)
        connection.request("GET", path, headers=headers)
        found = connection.getresponse().status
        connection.close()
        return found

    assert url.hostname == "127.0.0.1"
    assert status(url.path) == 200
    assert status(f"{url.path}runs?since=0") == 200
    assert status("/") == 403
    assert status("/runs") == 403
    assert status(f"{url.path}runs", Host="evil.example") == 403
    assert status(f"{url.path}runs", Origin="http://evil.example") == 403
    assert status(f"{url.path}runs", **{"Sec-Fetch-Site": "cross-site"}) == 403
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert process.stderr
    assert process.stderr.read() == "stopped by Ctrl-C\n"
