"""YAML that was made to be slow is read or refused at once."""

import time
from pathlib import Path

import pytest

from base.errors import ConfigError
from utils.config.parser import ConfigParser

SIZE, SECONDS = 280_000, 2.0
SLOW = {
    "a long sequence": "a: [" + "1," * SIZE,
    "a long sequence of numbers": "a: [" + "1.5e3," * 9_000 + "]",
    "a long sequence in lines": "- a\n" * SIZE,
    "many keys": "".join(f"k{i}: 1\n" for i in range(SIZE)),
    "many keys below trainer": "trainer:\n" + "".join(f"  epoch{i}: 1\n" for i in range(9_000)),
    "many metrics": "metrics: [" + ",".join(f"acuracy{i}" for i in range(9_000)) + "]",
    "empty objects": "a: [" + "{}," * SIZE,
    "nested sequences": "a: " + "[" * SIZE,
    "nested blocks": "- " * SIZE,
    "nested keys": "? " * SIZE,
    "nested below the limit": "".join(f"a{i}: {{b: {{c: {{d: 1}}}}}}\n" for i in range(SIZE)),
    "aliases": "a: &a [1]\nb: [" + "*a," * 92_000 + "]",
    "aliases of aliases": "".join(f"k{i}: &k{i} [{f'*k{i - 1},' * 9 if i else 1}]\n" for i in range(4_000)),
    "anchors": "a: [" + ",".join(f"&a{i} 1" for i in range(SIZE)),
    "tags": "a: [" + "!!str 1," * SIZE,
    "merge keys": "a: &a {x: 1}\n" + "".join(f"b{i}: {{<<: *a}}\n" for i in range(SIZE)),
    "a key of a sequence": "? [" + "a," * SIZE,
    "a number": "a: " + "9" * SIZE,
    "almost a number": "a: " + "9" * (SIZE - 10) + "x",
    "spaces": "a:" + " " * SIZE,
    "documents": "---\n" * SIZE,
    "a folded text": "a: >\n" + " x\n\n" * SIZE,
    "escapes": 'a: "' + "\\x41" * SIZE,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW.keys())
def test_it_takes_less_than_two_seconds(tmp_path: Path, text: str) -> None:
    path = tmp_path / "slow.yaml"
    path.write_text(text[:SIZE])
    begun = time.process_time()
    with pytest.raises(ConfigError) as refused:
        ConfigParser.from_file(str(path), [])
    assert time.process_time() - begun < SECONDS
    assert len(str(refused.value)) < 100_000
