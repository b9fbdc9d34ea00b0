"""What a run leaves can be read back, as far as it is there."""

from pathlib import Path

import pytest

from logger.run_files import RunFiles
from logger.summary import Best, read_summary
from tests.running import Config, run


@pytest.mark.usefixtures("here", "no_pictures")
def test_a_run_can_be_read_from_its_files_alone(config: Config) -> None:
    folder = run(config)
    files = RunFiles(folder.models, folder.log)
    summary = files.summary
    assert summary is not None
    assert (summary.state, summary.epoch, summary.epochs, summary.steps_per_epoch) == ("done", 2, 2, 8)
    assert summary.samples == {"training": 240, "validation": 60}
    assert [(layer.name, layer.type, layer.output_shape) for layer in summary.layers][1] == ("linear1", "Linear", (16,))
    assert sum(layer.parameters for layer in summary.layers) == 784 * 16 + 16 + 16 * 10 + 10
    best = min(files.records, key=lambda record: record["val_loss"])
    assert summary.best == Best(int(best["epoch"]), best["val_loss"])
    assert files.steps["step"].tolist() == list(range(1, 17))
    assert files.steps["update/linear1"].all()
    assert files.config["name"] == "tiny"
    assert files.environment["seed"] == 5
    assert files.test == {}


def test_a_folder_that_holds_nothing_reads_as_nothing(tmp_path: Path) -> None:
    files = RunFiles(tmp_path, tmp_path)
    assert (files.summary, files.records, files.steps, files.config) == (None, [], {}, {})


@pytest.mark.parametrize("text", ["", "[1]", "{}", '{"layers": 3}', '{"layers": [], "best": null}'])
def test_a_summary_of_another_form_reads_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "summary.json").write_text(text)
    assert read_summary(tmp_path) is None
