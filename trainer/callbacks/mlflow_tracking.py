"""The callback that keeps a run in MLflow."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from base.base_trainer import BaseCallback, BaseTrainer, Record
from base.errors import UserError
from logger.report.page import FILE as REPORT
from logger.run_files import RunFiles
from trainer.search.storage_url import expanded_file
from utils.files import make_folder, read_object, replace_text, writing

_LINK = "mlflow.json"  # in a run's log folder: which run of MLflow it is
_SQLITE, _HEADER = "sqlite:///", b"SQLite format 3\0"
_LONGEST_NAME, _LONGEST_VALUE = 250, 500  # characters that every store of MLflow takes
_NOT_METRICS = {"epoch", "step"}
_KIND = {"mlflow.experimentKind": "custom_model_development"}  # of which MLflow's page shows curves, and no chats
_OTHER = "choose another store with the callback's tracking_uri"


class MLflow(BaseCallback):
    """Keeps the run in MLflow: the config as parameters, metrics of each epoch, and files of the end as artifacts.

    Artifacts are config.json, report.html, and the checkpoints best.npz and last.npz. A run that is continued goes on
    in the same run of MLflow, with the epochs that it does not have yet. Needs the extra `mlflow`.

    tracking_uri: where MLflow keeps runs, such as sqlite:///runs.db or http://127.0.0.1:5000 (null: mlflow.db, a file
        of SQLite in trainer.save_dir, with artifacts in the folder mlflow beside it).
    experiment: the experiment of MLflow that the run belongs to (null: the config's name).
    checkpoints: whether checkpoints are artifacts too.
    """

    after_report = True

    def __init__(
        self, tracking_uri: str | None = None, experiment: str | None = None, checkpoints: bool = True
    ) -> None:
        if tracking_uri is not None and not re.match(r"[a-z][a-z0-9+]*://.", tracking_uri):
            raise ValueError(f"tracking_uri: expected a URI such as sqlite:///runs.db, got {tracking_uri!r}")
        if experiment is not None and not experiment.strip():
            raise ValueError("experiment: expected a name, got an empty one; null stands for the config's name")
        self.tracking_uri = None if tracking_uri is None else expanded_file(tracking_uri)
        self.experiment = experiment
        self.checkpoints = checkpoints

    def check(self) -> None:
        if find_spec("mlflow") is None:
            raise ValueError('MLflow is not installed; install it with pip install -e ".[mlflow]"')

    def on_train_start(self, trainer: BaseTrainer) -> None:
        log = trainer.log_folder
        save_dir, name, run_id = log.parents[2], log.parent.name, log.name
        self._files = RunFiles(save_dir / "models" / name / run_id, log)
        self._uri = self.tracking_uri or f"{_SQLITE}{(save_dir / 'mlflow.db').as_posix()}"
        self._client = _client(self._uri)
        known = self._known_run()
        self._run = known or self._new_run(self.experiment or name, run_id)
        if known:
            self._client.update_run(self._run, status="RUNNING")
        self._log_config()
        self._epochs_logged = self._last_epoch()
        for record in self._files.records:
            if record["epoch"] <= trainer.epochs_done:
                self._log_metrics(record)

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        self._log_metrics(record)

    def on_train_end(self, trainer: BaseTrainer) -> None:
        files = [self._files.models / "config.json", self._files.log / REPORT]
        for path in files:
            if path.is_file():
                self._client.log_artifact(self._run, str(path))
        for name in ("best.npz", "last.npz") if self.checkpoints else ():
            if (path := self._files.models / name).is_file():
                self._client.log_artifact(self._run, str(path), "checkpoints")
        self._client.set_terminated(self._run, _how_it_ended(trainer))

    def _known_run(self) -> str | None:
        """The run of MLflow that an earlier process began, if this store has it still."""
        from mlflow.exceptions import MlflowException

        link = read_object(self._files.log / _LINK)
        if link.get("tracking_uri") != self._uri or not isinstance(link.get("run_id"), str):
            return None
        try:
            info = self._client.get_run(link["run_id"]).info
        except MlflowException:
            return None
        return info.run_id if info.lifecycle_stage == "active" else None

    def _new_run(self, experiment: str, run_id: str) -> str:
        found = self._client.get_experiment_by_name(experiment)
        if found is None:
            number = self._client.create_experiment(experiment, _artifacts(self._uri), _KIND)
        elif found.lifecycle_stage == "active":
            number = found.experiment_id
        else:
            raise UserError(
                f"MLflow: experiment {experiment!r} is deleted in {self._uri}; restore it with mlflow experiments "
                f"restore -x {found.experiment_id}, or name another with the callback's `experiment`"
            )
        run: str = self._client.create_run(number, run_name=run_id).info.run_id
        link = {"tracking_uri": self._uri, "run_id": run}
        replace_text(self._files.log / _LINK, json.dumps(link, indent=2) + "\n")
        return run

    def _log_config(self) -> None:
        """Log the config as parameters. MLflow lets none change: what has changed since becomes a tag "now.KEY"."""
        from mlflow.entities import Param, RunTag

        logged = self._client.get_run(self._run).data.params
        params = {_name(key): _value(value) for key, value in _flat(self._files.config).items()}
        new = [Param(key, value) for key, value in params.items() if key not in logged]
        changed = [RunTag(f"now.{key}", value) for key, value in params.items() if logged.get(key, value) != value]
        for start in range(0, len(new), 100):  # as many as MLflow takes at once
            self._client.log_batch(self._run, params=new[start : start + 100])
        self._client.log_batch(self._run, tags=changed)

    def _last_epoch(self) -> int:
        return max((metric.step for metric in self._client.get_metric_history(self._run, "loss")), default=0)

    def _log_metrics(self, record: Record) -> None:
        """Log an epoch, unless an earlier process did: a continued run has the same figures to the bit."""
        from mlflow.entities import Metric

        epoch, now = int(record["epoch"]), int(1000 * time.time())
        if epoch > self._epochs_logged:
            figures = [
                Metric(_name(key), value, now, epoch) for key, value in record.items() if key not in _NOT_METRICS
            ]
            self._client.log_batch(self._run, metrics=figures)
            self._epochs_logged = epoch


def _client(uri: str) -> Any:
    """MLflow's client, for a store that can be opened: of one that cannot, MLflow would try again for an hour."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    if uri.startswith(_SQLITE):
        path = _database(uri)
        make_folder(path.parent, _OTHER)
        with writing(path, _OTHER), path.open("a+b") as file:
            file.seek(0)
            if file.read(len(_HEADER)) not in (b"", _HEADER):
                raise UserError(f"MLflow: {path} is no file of SQLite; {_OTHER}")
    import mlflow

    logging.getLogger("mlflow").setLevel(logging.WARNING)  # it tells of each table of a new store
    # Absolute, as it keeps each store open under its name, wherever the program goes.
    return mlflow.MlflowClient(f"{_SQLITE}{_database(uri).resolve().as_posix()}" if uri.startswith(_SQLITE) else uri)


def _database(uri: str) -> Path:
    return Path(uri.removeprefix(_SQLITE))


def _artifacts(uri: str) -> str | None:
    """The place of artifacts of a store in a file; a server knows its own place."""
    if not uri.startswith(_SQLITE):
        return None
    return (_database(uri).parent / "mlflow").resolve().as_uri()


def _how_it_ended(trainer: BaseTrainer) -> str:
    if trainer.finished:
        return "FINISHED"
    return "KILLED" if isinstance(sys.exception(), KeyboardInterrupt) else "FAILED"


def _flat(node: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The values of a config by key path; lists are values."""
    found: dict[str, Any] = {}
    for key, value in node.items():
        found |= _flat(value, f"{path}{key}.") if isinstance(value, Mapping) and value else {f"{path}{key}": value}
    return found


def _name(key: str) -> str:
    """The key in letters that MLflow takes."""
    return re.sub(r"[^\w.\- ]", "_", key)[:_LONGEST_NAME]


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
