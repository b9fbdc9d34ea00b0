"""A server for pages on this machine only.

It listens on 127.0.0.1. What it serves lies below a secret part of the address, new for each start, which another site
cannot know; the page's own requests, whose addresses are relative, carry it of themselves. Beside that,

- a request must name this machine as its `Host`, so that a site whose name is made to lead here (DNS rebinding) is
  refused;
- a request that a page makes must come from a page of this server (`Origin`, `Sec-Fetch-Site`), and no answer allows
  other sites to read it (no CORS);
- a page may load and call nothing but this server, nor be shown within another (Content-Security-Policy).
"""

from __future__ import annotations

import errno
import hmac
import json
import secrets
import socketserver
import sys
import threading
import traceback
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from base.errors import UserError

OWN_CONTENT_ONLY = (  # scripts within a page are allowed one by one, by the page itself (logger/report/rendering.py)
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HOST = "127.0.0.1"
_NAMES = ("127.0.0.1", "localhost")  # with any port: that of a tunnel to this machine is another
_MOST_BYTES = 64 * 2**20  # of a request
_PART = 2**16  # bytes
_IDLE = 300  # seconds until a connection is closed
_IN_TERMINAL = ("www-browser", "links", "elinks", "lynx", "w3m")  # would take the place of the program


@dataclass(frozen=True)
class Request:
    """A request of a page: `path` is relative to the page ("" is the page itself)."""

    method: Literal["GET", "POST"]
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """The body's value. Raises UserError for what is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise UserError(f"the request is no JSON: {error}") from error


@dataclass(frozen=True)
class Answer:
    """The answer to a page, and what it may load and call (`policy`, a Content-Security-Policy)."""

    body: bytes
    content_type: str
    status: HTTPStatus = HTTPStatus.OK
    policy: str = OWN_CONTENT_ONLY

    @classmethod
    def text(cls, text: str, kind: Literal["html", "css", "javascript", "plain"]) -> Self:
        """A text of this kind."""
        return cls(text.encode(), f"text/{kind}; charset=utf-8")

    @classmethod
    def json(cls, value: Any, status: HTTPStatus = HTTPStatus.OK) -> Self:
        """A value as JSON, which has no infinity and no NaN."""
        return cls(json.dumps(value, allow_nan=False).encode(), "application/json", status)

    @classmethod
    def error(cls, message: str, status: HTTPStatus) -> Self:
        """A message as JSON: {"error": message}."""
        return cls.json({"error": message}, status)


class LocalServer:
    """A server of what a function answers, which is called in a thread for each request.

    A UserError that it raises becomes the answer's message. Port 0 is any free one. Raises UserError for a port that
    cannot be had.

    >>> with LocalServer(lambda request: Answer.text("<p>hello", "html")) as server:  # doctest: +SKIP
    ...     print(server.address)
    ...     server.serve()
    """

    def __init__(self, answer: Callable[[Request], Answer], port: int = 0) -> None:
        try:
            self._server = _Server((_HOST, port), _Handler)
        except OSError as error:
            raise UserError(_refused(port, error)) from error
        self._server.answer = answer
        self._server.token = secrets.token_urlsafe(16)

    @property
    def address(self) -> str:
        """The page's address, its secret part included."""
        return f"http://{_HOST}:{self._server.server_address[1]}/{self._server.token}/"

    def open_browser(self) -> None:
        """Open the page in the user's browser where there is one with windows; the program does not wait for it."""
        with suppress(webbrowser.Error):
            if getattr(webbrowser.get(), "basename", "") not in _IN_TERMINAL:
                threading.Thread(target=webbrowser.open, args=(self.address,), daemon=True).start()

    def serve(self) -> None:
        """Answer requests until an exception ends it, such as KeyboardInterrupt in the main thread."""
        self._server.serve_forever()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()


@contextmanager
def served(answer: Callable[[Request], Answer]) -> Iterator[str]:
    """The address of a page that a thread serves while the context lasts."""
    with LocalServer(answer) as server:
        threading.Thread(target=server.serve, daemon=True).start()
        yield server.address


def _refused(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"--port {port}: is in use by another program; choose another, or leave --port out for any free one"
    return f"--port {port}: cannot be had: {error.strerror or error}; leave --port out for any free one"


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would share a port that is in use
    request_queue_size = 64
    answer: Callable[[Request], Answer]
    token: str

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a page that was closed before it had its answer."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open
    timeout = _IDLE
    disable_nagle_algorithm = True  # which would hold the body back until the headers are acknowledged
    server: _Server

    def do_GET(self) -> None:
        self._send(self._refusal() or self._answer(b""))

    def do_POST(self) -> None:
        refused = self._refused_length()
        if refused is not None:
            self.close_connection = True  # the body is left unread
            self._send(refused)
            return
        length, refused = int(self.headers["Content-Length"]), self._refusal()
        if refused is not None:
            self._drop(length)
        self._send(refused or self._answer(self.rfile.read(length)))

    def _drop(self, length: int) -> None:
        """Read a body that nobody wants, so that its sender has the answer, and hold little of it."""
        while length > 0 and (part := self.rfile.read(min(length, _PART))):
            length -= len(part)

    def _refusal(self) -> Answer | None:
        """The answer to a request that the page did not make."""
        host = self.headers.get("Host", "")
        if len(self.headers.get_all("Host", [])) != 1 or host.partition(":")[0].lower() not in _NAMES:
            return Answer.error("this server is of 127.0.0.1 alone", HTTPStatus.FORBIDDEN)
        origin = self.headers.get("Origin")
        from_elsewhere = self.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
        opened = self.headers.get("Sec-Fetch-Mode") == "navigate" and self.command == "GET"
        if origin not in (None, f"http://{host.lower()}") or (from_elsewhere and not opened):
            return Answer.error("only the page of this server may call it", HTTPStatus.FORBIDDEN)
        token, slash, _ = self.path.removeprefix("/").partition("/")
        if not slash or not hmac.compare_digest(token.encode(), self.server.token.encode()):
            return Answer.error("open the address that the program printed", HTTPStatus.FORBIDDEN)
        return None

    def _refused_length(self) -> Answer | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            return Answer.error("a request needs its length", HTTPStatus.LENGTH_REQUIRED)
        if int(length) > _MOST_BYTES:
            most = f"{_MOST_BYTES // 2**20} MiB"
            return Answer.error(f"more than {most}, which is the most", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return None

    def _answer(self, body: bytes) -> Answer:
        url = urlsplit(self.path)
        path = unquote(url.path.split("/", 2)[2])
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        try:
            return self.server.answer(Request("POST" if self.command == "POST" else "GET", path, query, body))
        except UserError as error:
            return Answer.error(str(error), HTTPStatus.BAD_REQUEST)
        except Exception:
            traceback.print_exc()
            return Answer.error(
                "a defect of the program, which its terminal tells of", HTTPStatus.INTERNAL_SERVER_ERROR
            )

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {
            "Content-Type": answer.content_type,
            "Content-Length": str(len(answer.body)),
            "Content-Security-Policy": answer.policy,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cache-Control": "no-store",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Leave the terminal to the program."""
