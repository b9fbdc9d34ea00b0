"""A page to draw on, served to this machine or written as a file."""

from __future__ import annotations

import os
from pathlib import Path

from base.errors import UserError
from logger.drawing.page import drawing_page
from logger.setup import say
from trainer.drawing.answers import Answers
from trainer.drawing.description import description_of, with_network
from trainer.drawing.inputs import inputs_of
from trainer.predictor import Predictor
from utils.files import OUTPUT, make_folder, replace_text
from utils.local_server import LocalServer


def serve_page(resume: str, port: int, browser: bool) -> None:
    """Serve a checkpoint's page to this machine until the program is stopped. Raises UserError."""
    predictor = Predictor.load(resume)
    with LocalServer(Answers(predictor), port) as server:
        say(f"{predictor.path}, epoch {predictor.checkpoint.meta['epoch']}: draw on {server.address}")
        say("for browsers on this machine alone; Ctrl-C ends it")
        if browser:
            server.open_browser()
        server.serve()


def write_page(resume: str, output: str) -> None:
    """Write a checkpoint's page with its network, which needs no other file and no program. Raises UserError."""
    predictor = Predictor.load(resume)
    path = Path(output)
    if os.path.isdir(path):
        raise UserError(f"-o {output}: is a folder; give the path of a file, such as {path / 'draw.html'}")
    described = with_network(predictor, description_of(predictor, inputs_of(predictor)))
    page = drawing_page(described)
    make_folder(path.parent, OUTPUT)
    replace_text(path, page, OUTPUT)
    say(f"{predictor.path}, epoch {predictor.checkpoint.meta['epoch']}: written {path}, {len(page.encode()):,} bytes")
    say("it computes by itself, and shows no gradients and no test samples: for these, leave -o out")
