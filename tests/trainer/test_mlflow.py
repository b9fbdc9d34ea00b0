"""Runs in MLflow; with the extra `mlflow`, asked for by -m mlflow."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from base.errors import UserError, WriteError
from tests.running import Config, go_on, records, run, tree, write_config
from trainer.checkpoints.resume import plan
from trainer.start import train

pytestmark = [
    pytest.mark.usefixtures("here", "no_pictures"),
    pytest.mark.filterwarnings("ignore"),  # of MLflow and what it imports
]


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without runs: making one takes seconds."""
    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    client_of(path).search_experiments()
    return path


@pytest.fixture
def store(empty_store: Path, here: Path) -> None:
    """An empty store where runs look for it."""
    Path("saved").mkdir()
    shutil.copy(empty_store, "saved/mlflow.db")


@pytest.fixture
def tracked(config: Config) -> Config:
    """The config with the callback, a report, and checkpoints of every epoch."""
    config["trainer"] |= {"report": True, "save_period": 1}
    return config | {"callbacks": ["MLflow"]}


def client_of(database: str | Path = "saved/mlflow.db") -> Any:
    """What reads a store."""
    from mlflow import MlflowClient

    return MlflowClient(f"sqlite:///{Path(database).resolve()}")


def kept(database: str = "saved/mlflow.db", experiment: str = "tiny") -> list[Any]:
    """The runs of an experiment."""
    client = client_of(database)
    found = client.get_experiment_by_name(experiment)
    return list(client.search_runs([found.experiment_id])) if found else []


def steps(run_id: str, metric: str) -> list[tuple[int, float]]:
    """The values of a metric by its steps."""
    return [(held.step, held.value) for held in client_of().get_metric_history(run_id, metric)]


def artifacts(found: Any) -> set[str]:
    """The files of a run."""
    return set(tree(Path(found.info.artifact_uri.removeprefix("file://"))))


@pytest.mark.mlflow
@pytest.mark.usefixtures("store")
def test_a_run_is_kept_with_parameters_metrics_and_files(tracked: Config) -> None:
    folder = run(tracked)
    (found,) = kept()
    assert (found.info.status, found.info.run_name) == ("FINISHED", "run")
    assert found.data.params["optimizer.args.momentum"] == "0.9"
    assert found.data.params["arch.args.layer_sizes"] == "[784, 16, 10]"
    for metric in ("loss", "val_accuracy", "lr"):
        assert steps(found.info.run_id, metric) == [(row["epoch"], row[metric]) for row in records(folder)]
    assert artifacts(found) == {"config.json", "report.html", "checkpoints/best.npz", "checkpoints/last.npz"}
    page = Path(found.info.artifact_uri.removeprefix("file://")) / "report.html"
    assert page.read_bytes() == (folder.log / "report.html").read_bytes()
    assert {path.name for path in Path().iterdir()} == {"config.json", "saved"}


@pytest.mark.mlflow
@pytest.mark.usefixtures("store")
def test_a_continued_run_is_the_same_run(tracked: Config) -> None:
    folder = run(tracked)
    go_on(folder.models, "trainer.epochs=4")
    (found,) = kept()
    assert [step for step, _ in steps(found.info.run_id, "loss")] == [1, 2, 3, 4]
    assert (found.info.status, found.data.params["trainer.epochs"]) == ("FINISHED", "2")
    assert found.data.tags["now.trainer.epochs"] == "4"


@pytest.mark.mlflow
@pytest.mark.usefixtures("store")
def test_a_run_that_is_continued_in_another_store_has_all_its_epochs_there(config: Config) -> None:
    folder = run(config)
    go_on(folder.models, "trainer.epochs=3", 'callbacks=["MLflow"]')
    (found,) = kept()
    assert [step for step, _ in steps(found.info.run_id, "loss")] == [1, 2, 3]
    args = {"tracking_uri": "sqlite:///o.db", "experiment": "e", "checkpoints": False}
    go_on(folder.models, "trainer.epochs=4", f"callbacks={json.dumps([{'type': 'MLflow', 'args': args}])}")
    (found,) = kept("o.db", "e")
    assert found.data.metrics["loss"] == records(folder)[-1]["loss"]
    assert artifacts(found) == {"config.json"}


@pytest.mark.mlflow
@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("end", "status"), [(KeyboardInterrupt, "KILLED"), (RuntimeError, "FAILED")])
def test_a_run_that_ends_before_its_time_says_so(
    tracked: Config, end: type[BaseException], status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise end

    with monkeypatch.context() as patched:
        patched.setattr("trainer.callbacks.parameter_norms.ParameterNorms.on_epoch_end", stop)
        tracked["callbacks"] = ["MLflow", "ParameterNorms"]
        with pytest.raises((KeyboardInterrupt, UserError)):
            run(tracked)
    (found,) = kept()
    assert found.info.status == status
    go_on("saved/models/tiny/run")
    (found,) = kept()
    assert found.info.status == "FINISHED"
    assert [step for step, _ in steps(found.info.run_id, "loss")] == [1, 2]


@pytest.mark.mlflow
@pytest.mark.usefixtures("store")
def test_a_run_deleted_in_mlflow_is_begun_again(tracked: Config) -> None:
    folder = run(tracked)
    client_of().delete_run(kept()[0].info.run_id)
    go_on(folder.models, "trainer.epochs=3")
    (found,) = kept()
    assert [step for step, _ in steps(found.info.run_id, "loss")] == [1, 2, 3]


@pytest.mark.mlflow
@pytest.mark.usefixtures("store")
def test_a_deleted_experiment_is_named(tracked: Config) -> None:
    run(tracked)
    client = client_of()
    client.delete_experiment(client.get_experiment_by_name("tiny").experiment_id)
    with pytest.raises(UserError, match=r"experiment 'tiny' is deleted in sqlite:///saved/mlflow\.db; restore it"):
        run(tracked, run_id="second")


@pytest.mark.mlflow
@pytest.mark.usefixtures("store")
def test_a_store_that_is_none_is_refused(tracked: Config) -> None:
    Path("notes.txt").write_text("no database")
    uri = 'callbacks=[{"type": "MLflow", "args": {"tracking_uri": "sqlite:///%s"}}]'
    with pytest.raises(UserError, match=r"notes\.txt is no file of SQLite; choose another store"):
        run(tracked, uri % "notes.txt")
    with pytest.raises(WriteError, match="cannot write"):
        run(tracked, uri % "notes.txt/runs.db", run_id="second")


def test_what_is_missing_is_named_with_the_command_that_installs_it(
    tracked: Config, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.callbacks.mlflow_tracking.find_spec", lambda name: None)
    write_config(tracked)
    with pytest.raises(UserError, match=r'callbacks\.0: MLflow is not installed; install it with pip install -e "\.\['):
        train(plan("config.json", None, []), None, tsne=False)
    assert tree(here).keys() == {"config.json"}
