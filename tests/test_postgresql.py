"""Two machines search together through PostgreSQL, and one of them dies."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Config
from tests.test_search import children, started, wait_for_epochs
from tests.trainer.search.searching import table, trials_of, write

pytestmark = pytest.mark.postgresql
SETTINGS, EPOCHS = 4, 400  # metrics.jsonl is written once a second


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of a database in a PostgreSQL server that Debian's package brings, started for this test."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    home = Path(tempfile.mkdtemp(prefix="postgresql-"))
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    if user:
        shutil.chown(home, user)
    make = [programs / "initdb", "-D", home / "data", "-U", "search", "-A", "trust"]
    subprocess.run(make, user=user, cwd=home, check=True, capture_output=True)
    with (home / "log").open("wb") as log:
        options = ["-D", home / "data", "-k", home, "-c", "listen_addresses="]
        process = subprocess.Popen([programs / "postgres", *options], user=user, cwd=home, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 30
        while subprocess.run([programs / "pg_isready", "-q", "-h", home]).returncode and time.monotonic() < until:
            time.sleep(0.1)
        yield f"postgresql://search@/postgres?host={home}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(home)


def test_a_study_on_two_machines_survives_the_death_of_one(
    server: str, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines = [tmp_path / "one", tmp_path / "two"]
    for machine in machines:
        machine.mkdir()
        monkeypatch.chdir(machine)
        write(config, trials=SETTINGS, overrides={"trainer.epochs": EPOCHS})
    dying, living = (started("--storage", server, folder=machine) for machine in machines)
    wait_for_epochs(machines[0])
    os.kill(children(dying.pid)[0], signal.SIGKILL)
    dying.kill()
    dying.communicate(timeout=60)
    out, err = living.communicate(timeout=240)
    assert living.returncode == 0, err
    assert "train    python train.py" in out
    rows = table(machines[1] / "saved/search/small")
    assert [(row["setting"], row["state"]) for row in rows] == [(str(number), "done") for number in range(SETTINGS)]
    url = server.replace("postgresql:", "postgresql+psycopg:")
    trials = trials_of("small", url)
    assert Counter(trial.state.name for trial in trials) == {"COMPLETE": SETTINGS, "FAIL": 1}
    (dead,) = [trial for trial in trials if trial.state.name == "FAIL"]
    assert 0 < len(dead.intermediate_values) < EPOCHS
    params = [json.dumps(trial.params) for trial in trials if trial.state.name == "COMPLETE"]
    assert len(set(params)) == SETTINGS
    assert json.dumps(dead.params) in params
