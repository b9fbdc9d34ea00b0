"""What a search says before its first trial, and after its last."""

import sys
from argparse import Namespace
from pathlib import Path

import pytest

from base.errors import UserError
from tests.running import Config
from tests.trainer.search.searching import write
from trainer.search.main import main

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

ARGUMENTS = Namespace(config="config.json", search="search.json", overrides=[], storage=None, worker=None)


@pytest.mark.parametrize(
    ("module", "storage", "extra"),
    [("optuna", None, "search"), ("psycopg", "postgresql://host/x", "search-postgresql")],
)
def test_a_library_that_is_not_installed_is_named_with_how_to_install_it(
    config: Config, monkeypatch: pytest.MonkeyPatch, module: str, storage: str | None, extra: str
) -> None:
    write(config)
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed
    with pytest.raises(UserError) as caught:
        main(Namespace(**{**vars(ARGUMENTS), "storage": storage}))
    assert str(caught.value) == (f'search.py needs {module}, which is not installed: pip install -e ".[{extra}]"')
    assert UserError.exit_code == 2
    assert not Path("saved").exists()


def test_a_search_without_any_result_says_so_and_where_the_reasons_are(config: Config) -> None:
    write(config, space={"arch.args.layer_sizes": [[784, 7]]}, trials=1)
    with pytest.raises(UserError, match=r"no setting was trained to its end; saved/search/small/results\.csv says why"):
        main(ARGUMENTS)
    assert "arch and loss" in Path("saved/search/small/results.csv").read_text()
