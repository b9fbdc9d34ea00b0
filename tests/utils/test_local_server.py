"""The server of pages on this machine: what it answers, and whom it refuses."""

import json
import socket
import threading
import tracemalloc
import webbrowser
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from base.errors import UserError
from utils.local_server import Answer, LocalServer, Request


def answer(request: Request) -> Answer:
    if request.path == "wrong":
        raise UserError("no such thing")
    if request.path == "defect":
        raise RuntimeError("not foreseen")
    if request.path == "echo":
        return Answer.json({"method": request.method, "query": request.query, "value": request.json()})
    return Answer.text("<p>hello", "html")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with LocalServer(answer) as server:
        threading.Thread(target=server.serve, daemon=True).start()
        yield server.address


class Got:
    """What a request was answered; `path` is relative to the page, or absolute."""

    def __init__(
        self, address: str, path: str = "", body: bytes | None = None, host: str | None = None, **headers: str
    ) -> None:
        url = urlsplit(address)
        connection = HTTPConnection(url.netloc, timeout=30)
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        path = path if path.startswith("/") else url.path + path
        connection.request("GET" if body is None else "POST", path, body, {"Host": host or url.netloc, **named})
        found = connection.getresponse()
        self.status, self.headers, self.body = found.status, found.headers, found.read()
        connection.close()

    @property
    def error(self) -> str:
        message: str = json.loads(self.body)["error"]
        return message


def test_it_listens_on_this_machine_alone_at_an_address_of_its_own(address: str) -> None:
    with LocalServer(answer) as other:
        ours, another = urlsplit(address), urlsplit(other.address)
    assert (ours.hostname, another.hostname) == ("127.0.0.1", "127.0.0.1")
    assert ours.port != another.port
    assert len(ours.path) > 20
    assert ours.path != another.path


def test_the_page_is_served_and_may_load_nothing_else(address: str) -> None:
    got = Got(address)
    assert (got.status, got.body) == (200, b"<p>hello")
    assert got.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert got.headers["X-Frame-Options"] == "DENY"
    assert not [name for name in got.headers if name.lower().startswith("access-control")]


def test_the_page_can_call_it(address: str) -> None:
    origin = address.rsplit("/", 2)[0]
    got = Got(address, "echo?a=1&b=x%20y", b'{"n": 3}', Origin=origin, Sec_Fetch_Site="same-origin")
    assert json.loads(got.body) == {"method": "POST", "query": {"a": "1", "b": "x y"}, "value": {"n": 3}}


def test_a_tunnel_from_another_port_is_served(address: str) -> None:
    assert Got(address, host="localhost:9000").status == 200
    assert Got(address, "echo", b"1", host="localhost:9000", Origin="http://localhost:9000").status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "0.0.0.0:8000", "[::1]"])
def test_a_name_that_was_made_to_lead_here_is_refused(address: str, host: str) -> None:
    got = Got(address, host=host)
    assert (got.status, got.error) == (403, "this server is of 127.0.0.1 alone")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
    ],
)
@pytest.mark.parametrize("body", [None, b"1"])
def test_another_site_cannot_call_it(address: str, headers: dict[str, str], body: bytes | None) -> None:
    port = str(urlsplit(address).port)
    got = Got(address, "echo", body, **{name: text.replace("{port}", port) for name, text in headers.items()})
    assert (got.status, got.error) == (403, "only the page of this server may call it")
    assert not [name for name in got.headers if name.lower().startswith("access-control")]


def test_a_link_in_another_program_opens_the_page_but_posts_nothing(address: str) -> None:
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    assert Got(address, **link).status == 200  # type: ignore[arg-type]
    assert Got(address, "echo", b"1", **link).status == 403  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/wrong-token/", "/%C3%A9/", "//"])
def test_the_secret_part_of_the_address_is_needed(address: str, path: str) -> None:
    got = Got(address, path)
    assert (got.status, got.error) == (403, "open the address that the program printed")
    assert Got(address, urlsplit(address).path.rstrip("/")).status == 403


def test_no_other_site_is_told_that_it_may_ask(address: str) -> None:
    url = urlsplit(address)
    connection = HTTPConnection(url.netloc, timeout=30)
    connection.request("OPTIONS", url.path, headers={"Origin": "http://evil.example"})
    found = connection.getresponse()
    assert found.status == 501
    assert not [name for name in found.headers if name.lower().startswith("access-control")]


def test_a_mistake_is_told_in_words_and_a_defect_in_the_terminal(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, defect = Got(address, "wrong"), Got(address, "defect")
    assert (wrong.status, wrong.error) == (400, "no such thing")
    assert Got(address, "echo", b"{").status == 400
    assert (defect.status, defect.error) == (500, "a defect of the program, which its terminal tells of")
    assert "RuntimeError: not foreseen" in capsys.readouterr().err


def test_a_request_without_length_or_too_long_is_refused(address: str) -> None:
    assert Got(address, "echo", b"", Content_Length="-1").status == 411
    assert Got(address, "echo", b"", Content_Length=str(10**9)).status == 413
    assert Got(address).status == 200


def test_a_body_from_elsewhere_is_not_held_in_memory(address: str) -> None:
    url, part, parts = urlsplit(address), bytes(2**20), 32
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=30) as client:
        tracemalloc.start()
        client.sendall(f"POST / HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: {parts * len(part)}\r\n\r\n".encode())
        for _ in range(parts):
            client.sendall(part)
        answered = client.recv(100)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert b" 403 " in answered
    assert most < 8 * len(part)


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserError, match=f"--port {port}: is in use by another program; choose another"):
            LocalServer(answer, port)


class Browser:
    """A browser that remembers what it was told to open."""

    def __init__(self, name: str) -> None:
        self.basename = name
        self.opened = threading.Event()


@pytest.mark.parametrize(("name", "opens"), [("firefox", True), ("lynx", False)])
def test_a_browser_is_opened_unless_it_would_take_the_terminal(
    name: str, opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(name)
    monkeypatch.setattr("webbrowser.get", lambda: browser)
    monkeypatch.setattr("webbrowser.open", lambda address: browser.opened.set())
    with LocalServer(answer) as server:
        server.open_browser()
        assert browser.opened.wait(5 if opens else 0.1) == opens


def test_it_is_no_mistake_to_have_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr("webbrowser.get", none)
    with LocalServer(answer) as server:
        server.open_browser()
