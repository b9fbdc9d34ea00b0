"""Harmed tables."""

import random
import traceback
from pathlib import Path
from typing import Any

from base.errors import DataError
from base.random_streams import RandomStreams
from data_loader.loaders.csv_table import CsvDataLoader
from tests.fuzz.harm import harm_bytes
from tests.running import PROJECT

ROWS = [f"{number},{number / 7:.3f},{'abc'[number % 3]},{number % 2}" for number in range(30)]
TABLE = "\n".join(["a,b,text,y", *ROWS, ""])
ODD = (b"", b'"', b"\0", b",", b"\n", b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"1e999", b"nan", b"1" * 400, b'"x\n', b";")
SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    {"categories": "one_hot", "missing": "mean"},
    {"categories": {"text": ["a", "b"]}, "missing": 0.5, "delimiter": ","},
    {"task": "regression", "target": ["a", "b"], "features": ["y"]},
    {"header": False, "target": "3", "categories": "ordinal", "decimal": ","},
    {"encoding": "latin-1", "categories": "one_hot", "missing": "median", "normalize": "standardize"},
    {"split": None, "features": ["a", "text"], "categories": "ordinal"},
)


def read_harmed_table(folder: Path, draw: random.Random) -> None:
    """Harm a table's bytes, or put something odd between two of them, and read it in one of many ways."""
    text = draw.choice((TABLE, TABLE.replace(",", ";"), TABLE.replace("\n", "\r\n"), TABLE.replace(",c,", ",,")))
    content = text.encode(draw.choice(("utf-8", "utf-8", "utf-16", "utf-8-sig")))
    if draw.random() < 0.5:
        content = harm_bytes(content, draw)
    for _ in range(draw.randrange(3)):
        place = draw.randrange(len(content) + 1)
        content = content[:place] + draw.choice(ODD) + content[place + draw.randrange(3) :]
    path = folder / "harmed.csv"
    path.write_bytes(content)
    settings = {"target": "y", "validation_split": 0.2} | draw.choice(SETTINGS)
    loader = CsvDataLoader(str(path), **settings)
    try:
        loader.load(RandomStreams(1))
        loader.load_test(RandomStreams(1))
    except ValueError as error:
        if not Path(traceback.extract_tb(error.__traceback__)[-1].filename).is_relative_to(PROJECT):
            raise
        raise DataError(str(error)) from error  # as programs do
    loader.state_dict()
