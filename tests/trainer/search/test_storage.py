"""A database that cannot be used ends a search with one message, whenever that is."""

import importlib.util
from pathlib import Path

import optuna
import pytest

from base.errors import StoppedError, UserError, WriteError
from tests.running import Config
from tests.trainer.search.searching import planned, searched
from trainer.search.storage import without_password
from trainer.search.study import open_study

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

STUDY = Path("saved/search/small/study.db")
WRONG = {
    "nonsense": "Could not parse",
    "nothing://host/x": "nothing",
    "sqlite:///missing/folder/x.db": "unable to open database file",
    "sqlite://": "no such table",
    "oracle+nothing://user:secret@host/x": "oracle.nothing",
    "postgresql+pygresql://user:secret@host/x": "pygresql",
    "mysql+aiomysql://user:secret@host:port/x": "port",
}


@pytest.mark.parametrize(("url", "words"), WRONG.items(), ids=list(WRONG))
def test_a_wrong_url_is_named_with_what_is_wrong_and_without_its_password(config: Config, url: str, words: str) -> None:
    with pytest.raises(StoppedError) as caught, open_study(planned(config), url):
        pass
    assert str(caught.value).startswith(f"--storage {without_password(url)}: cannot be used: ")
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.skipif(importlib.util.find_spec("psycopg") is None, reason="needs psycopg")
def test_a_server_that_does_not_answer_is_named(config: Config) -> None:
    plan = planned(config)
    with pytest.raises(UserError, match=r"me:\*\*\*@127\.0\.0\.1:9/x: cannot be used: .+refused"):
        open_study(plan, "postgresql://me:secret@127.0.0.1:9/x").__enter__()


def test_a_damaged_study_is_named_with_what_to_do_and_its_runs_are_found_again(config: Config) -> None:
    before = searched(config, trials=2)
    STUDY.write_bytes(b"not a database" * 1000)
    with pytest.raises(UserError, match=r"^saved/search/small/study\.db: cannot be used: .+; remove it and give the"):
        searched(config, trials=2)
    STUDY.unlink()
    assert [(one.runs, one.results) for one in searched(config, trials=2)] == [
        (one.runs, one.results) for one in before
    ]


def test_a_study_that_is_damaged_while_it_is_used_is_no_defect_of_ours(config: Config) -> None:
    with pytest.raises(UserError, match="cannot be used"), open_study(planned(config), None) as study:
        damage_and_use(study)


def damage_and_use(study: optuna.Study) -> None:
    """Write over the database, and read from it."""
    STUDY.write_bytes(b"not a database" * 1000)
    study.get_trials()


def test_a_study_that_may_not_be_written_to_ends_with_4(config: Config) -> None:
    searched(config, trials=1)
    with (
        pytest.raises(WriteError, match="readonly database; see whether the disk is full, and whether you may write"),
        open_study(planned(config, name="other"), f"sqlite:///file:{STUDY.absolute()}?mode=ro&uri=true"),
    ):
        pass
