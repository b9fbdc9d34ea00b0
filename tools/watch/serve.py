"""The server of the list of runs."""

from __future__ import annotations

import os
import threading
from http import HTTPStatus
from pathlib import Path

from base.errors import UserError
from logger.comparison.curves import MOST_RUNS
from logger.setup import say
from tools.watch.listing import Listing
from tools.watch.pages import APART, compared_page, list_page, run_page, search_page
from utils.local_server import Answer, LocalServer, Request
from utils.missing_paths import similar


class Watch:
    """Answers what the pages ask for: the list, changes of it, and pages of runs and searches by their names in it."""

    def __init__(self, root: Path) -> None:
        self.listing = Listing(root)
        self.page = list_page(root)

    def __call__(self, request: Request) -> Answer:
        """The answer to a request. Raises UserError."""
        if request.method != "GET":
            return Answer.error("nothing is changed from here", HTTPStatus.METHOD_NOT_ALLOWED)
        match request.path:
            case "":
                return Answer.text(self.page, "html")
            case "runs":
                return Answer.json(self.listing.changes(_count(request.query.get("since", "0"))))
            case "report":
                return self._report(request.query.get("run", ""))
            case "compare":
                return self._comparison(request.query.get("runs", "").split("\n"))
            case "search":
                return self._search(request.query.get("name", ""))
        return _missing("there is no such page")

    def _report(self, name: str) -> Answer:
        files = self.listing.run(name)
        if files is None:
            return _missing(f"there is no run {name!r} any more")
        return Answer(run_page(files, self.listing.root).encode(), "text/html; charset=utf-8", policy=APART)

    def _comparison(self, names: list[str]) -> Answer:
        names = list(dict.fromkeys(names))
        if len(names) > MOST_RUNS:
            raise UserError(f"choose {MOST_RUNS} runs at most, which can be told apart; these are {len(names)}")
        found = {name: files for name in names if (files := self.listing.run(name))}
        if not found:
            return _missing("none of these runs is there any more")
        return Answer.text(compared_page(list(found), list(found.values())), "html")

    def _search(self, name: str) -> Answer:
        found = self.listing.search(name)
        if found is None:
            return _missing(f"there is no search {name!r} any more")
        return Answer.text(search_page(*found, self.listing.root), "html")


def watch(root: Path, port: int, in_browser: bool) -> None:
    """Serve the list of a folder's runs until Ctrl-C. Raises UserError."""
    if os.path.isfile(root):
        raise UserError(f"{root}: is a file; give the folder that runs are in, such as saved/")
    if not os.path.isdir(root):
        guess = similar(root, Path.is_dir) or "; runs are in the save_dir of their config, saved/ by default"
        raise UserError(f"{root}: there is no such folder{guess}")
    answer = Watch(root)
    with LocalServer(answer, port) as server:
        threading.Thread(target=answer.listing.read, daemon=True).start()  # until the page asks, much is read already
        say(f"all runs in {root}: {server.address}")
        say("for browsers on this machine alone; Ctrl-C ends it")
        if in_browser:
            server.open_browser()
        server.serve()


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _missing(message: str) -> Answer:
    return Answer.error(message, HTTPStatus.NOT_FOUND)
