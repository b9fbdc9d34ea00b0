"""A database that cannot be used ends a search with one message, whenever that is."""

import importlib.util
from pathlib import Path

import optuna
import pytest

from base.errors import StoppedError, UserError, WriteError
from tests.running import Config
from tests.trainer.search.searching import planned, searched
from trainer.search.storage_url import shown_url, without_secrets
from trainer.search.study import open_study

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

STUDY = Path("saved/search/small/study.db")
WRONG = {
    "nonsense": "it is no URL",
    "nothing://host/x": "nothing",
    "sqlite:///missing/folder/x.db": "unable to open database file",
    "sqlite://": "no such table",
    "oracle+nothing://user:secret@host/x": "oracle.nothing",
    "postgresql+pygresql://user:secret@host/x": "pygresql",
    "oracle+nothing://host/x?password=secret": "oracle.nothing",
    "oracle://user:sec@secret@host/x": "it is no URL",
    "oracle://user:secret/x@host/x": "it is no URL",
    "postgresql:/user:secret@host/x": "it is no URL",
    "user:secret@host/x": "it is no URL",
    "mysql+aiomysql://user:secret@host:port/x": "it is no URL",
}


@pytest.mark.parametrize(("url", "words"), WRONG.items(), ids=list(WRONG))
def test_a_wrong_url_is_named_with_what_is_wrong_and_without_its_password(config: Config, url: str, words: str) -> None:
    with pytest.raises(StoppedError) as caught, open_study(planned(config), url):
        pass
    assert str(caught.value).startswith(f"--storage {shown_url(url)}: cannot be used: ")
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    {
        "postgresql://search@host:5432/name": "postgresql://search@host:5432/name",
        "postgresql://search:secret@[::1]:5432/name?host=/tmp&password=secret": "postgresql://search:***@[::1]:5432/name",
        "postgresql://:secret@host/name": "postgresql://:***@host/name",
        "postgresql://search:12345": "postgresql://search",
        "mysql://a:secret@b@c/d": "mysql://***",
        "mysql://a:se#cret@c/d": "mysql://***",
        "secret@host": "***",
        "nonsense": "nonsense",
        "sqlite:////tmp/study.db?key=secret": "sqlite:////tmp/study.db",
        "sqlite+pysqlcipher://:secret@/study.db?cipher=aes": "sqlite+pysqlcipher://:***@/study.db",
    }.items(),
)
def test_what_is_shown_of_a_url_holds_no_password(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@pytest.mark.parametrize(
    "url", ["x://u:s%40crt@h/n", "x://u@h/n?PassWord=s%40crt", "x://h/n?token=s@crt", "x://u:s@crt@h/n"]
)
def test_what_a_driver_says_is_shown_without_the_password(url: str) -> None:
    assert "crt" not in without_secrets("no user s@crt, s%40crt at x://u:s%40crt@h/n", url)


@pytest.mark.parametrize("written", ["sqlite:///~/study.db", "sqlite:///$HOME/study.db", "sqlite:///${HOME}/study.db"])
def test_the_path_of_a_file_is_expanded(
    config: Config, here: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    (here / "home").mkdir()
    monkeypatch.setenv("HOME", str(here / "home"))
    with open_study(planned(config), written):
        assert (here / "home" / "study.db").is_file()
    assert not [path for path in here.iterdir() if path.name[0] in "~$"]


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
