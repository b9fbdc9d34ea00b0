"""The whole check of a config, by its messages."""

import copy
import json
from pathlib import Path

import pytest

from base.errors import ConfigError
from tests.utils.config.cases import BEYOND_SCHEMA, CONFIG, STRUCTURAL, changed
from utils.config.overrides import override
from utils.config.parser import ConfigParser


@pytest.mark.parametrize(("assignment", "words"), STRUCTURAL + BEYOND_SCHEMA)
def test_every_mistake_is_named_with_its_path_and_what_is_allowed(assignment: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        ConfigParser(changed(assignment), "config.json")
    assert str(caught.value).startswith("config.json: ")
    for word in words:
        assert word in str(caught.value)


def test_all_mistakes_are_reported_at_once_and_counted() -> None:
    raw = override(CONFIG, ["optimizer.args.lrr=1", "loss=CrossEntropy", "trainer.epochs=-3"])
    with pytest.raises(ConfigError) as caught:
        ConfigParser(raw, "config.json")
    first, *others = str(caught.value).splitlines()
    assert first == "config.json: 3 mistakes"
    assert [line.partition(":")[0] for line in others] == ["  loss", "  optimizer.args.lrr", "  trainer.epochs"]


def test_an_empty_config_lists_every_required_key() -> None:
    with pytest.raises(ConfigError, match="6 mistakes") as caught:
        ConfigParser({})
    for key in ("name", "arch", "data_loader", "loss", "optimizer", "trainer"):
        assert f"\n  {key}: is missing: " in str(caught.value)


@pytest.mark.parametrize("raw", [[], "text", None])
def test_a_config_that_is_no_object_is_refused(raw: object) -> None:
    with pytest.raises(ConfigError, match="expected an object"):
        ConfigParser(raw)  # type: ignore[arg-type]


def test_a_misspelt_monitor_is_reported_beside_mistakes_elsewhere() -> None:
    raw = override(CONFIG, ["trainer.monitor=max val_acc", "trainer.epochs=0", "optimizer=Sgd", "data_loader.args.a=1"])
    with pytest.raises(ConfigError, match=r"trainer\.monitor: .*did you mean 'val_accuracy'"):
        ConfigParser(raw)


@pytest.mark.parametrize(
    "assignments",
    [
        ["trainer.monitor=off"],
        ["trainer.monitor=min penalty"],
        ["trainer.monitor=min lr"],
        ["trainer.monitor=max test_accuracy", "trainer.log_test=true"],
        ["trainer.monitor=min val_loss", "data_loader.args.validation_split=5000"],
        ["trainer.monitor=null", "data_loader.args.validation_split=0"],
        ["data_loader.args.validation_split=0", "data_loader.args.validation_prefix=dev"],
        ["data_loader.args.validation_split=0", 'data_loader.args.split={"by": "fold", "index": 0, "count": 5}'],
        [
            "trainer.monitor=min val_loss",
            'data_loader={"type": "ImageFolderDataLoader", "args": {"data_dir": "x", "validation_dir": "y"}}',
        ],
        [
            "trainer.monitor=min val_loss",
            'data_loader.args={"data_dir": "x", "split": {"by": "fold", "index": 0, "count": 3}}',
        ],
    ],
)
def test_every_figure_of_the_log_can_be_monitored(assignments: list[str]) -> None:
    ConfigParser(override(CONFIG, assignments))


def test_a_penalty_can_be_monitored_only_where_there_is_one() -> None:
    raw = override(CONFIG, ["regularizer=null", "trainer.monitor=min penalty"])
    with pytest.raises(ConfigError, match="'penalty' without a regularizer"):
        ConfigParser(raw)


def test_resolving_fills_in_defaults_at_every_depth() -> None:
    resolved = ConfigParser(CONFIG).resolved
    assert resolved["loss"]["args"]["label_smoothing"] == 0.0
    assert resolved["arch"]["args"]["activation"] == "ReLU"
    assert resolved["arch"]["args"]["initializer"] == {"type": "HeNormal", "args": {"negative_slope": 0.0}}
    assert resolved["optimizer"]["args"]["weight_decay"] == 0.0
    assert resolved["trainer"]["shards"] == "auto"
    assert resolved["trainer"]["threads"] is None
    assert ConfigParser({key: CONFIG[key] for key in CONFIG if key != "seed"}).resolved["seed"] == 0


def test_a_resolved_config_is_json_and_resolves_to_itself() -> None:
    resolved = ConfigParser(CONFIG).resolved
    assert ConfigParser(json.loads(json.dumps(resolved))).resolved == resolved


def test_a_whole_number_is_kept_as_a_float_where_a_float_is_asked() -> None:
    lr = ConfigParser(changed("optimizer.args.lr=1")).resolved["optimizer"]["args"]["lr"]
    assert (lr, type(lr)) == (1.0, float)


def test_a_validation_split_stays_a_count_where_it_is_one() -> None:
    resolved = ConfigParser(changed("data_loader.args.validation_split=1")).resolved
    assert type(resolved["data_loader"]["args"]["validation_split"]) is int


def test_a_link_to_the_schema_is_allowed_and_dropped() -> None:
    assert "$schema" not in ConfigParser(changed("$schema=config.schema.json")).resolved


def test_checking_leaves_the_given_config_as_it_was() -> None:
    before = copy.deepcopy(CONFIG)
    ConfigParser(CONFIG).build()
    assert before == CONFIG


def test_building_makes_what_the_config_says() -> None:
    config = ConfigParser(CONFIG).build()
    assert type(config.arch).__name__ == "MLP"
    assert config.optimizer.lr == 0.1
    assert config.data_loader.batch_size == 128
    assert config.trainer.epochs == 20
    assert [metric.name for metric in config.metrics or []] == ["accuracy", "top_k_accuracy"]


def test_each_build_makes_fresh_objects() -> None:
    parser = ConfigParser(changed("arch.args.activation=Tanh"))
    first, second = parser.build(), parser.build()
    assert first.arch is not second.arch
    assert first.optimizer is not second.optimizer


def test_metrics_of_one_type_are_told_apart_by_their_arguments() -> None:
    raw = changed('metrics=["accuracy", "top_k_accuracy", {"type": "top_k_accuracy", "args": {"k": 5}}]')
    names = [metric.name for metric in ConfigParser(raw).build().metrics or []]
    assert names == ["accuracy", "top_k_accuracy_k3", "top_k_accuracy_k5"]


def test_a_sequential_network_is_built_to_the_last_layer() -> None:
    layers = ["Flatten", {"type": "Sequential", "args": {"layers": [{"type": "Linear", "args": {"out_features": 10}}]}}]
    raw = CONFIG | {"arch": {"type": "Sequential", "args": {"layers": layers}}}
    inner = ConfigParser(raw).build().arch.network().children["sequential1"]
    assert [type(layer).__name__ for layer in inner.children.values()] == ["Linear"]


def test_a_config_nested_without_end_is_refused() -> None:
    raw: dict[str, object] = {}
    raw["arch"] = raw
    with pytest.raises(ConfigError, match="nested deeper"):
        ConfigParser(raw)


def test_what_a_config_holds_cannot_disturb_the_terminal() -> None:
    with pytest.raises(ConfigError) as caught:
        ConfigParser(CONFIG | {"\x1b[2J": 1, "name": "\x1b[2J", "loss": "\x1b[2J"})
    assert "\x1b" not in str(caught.value)


def test_a_file_is_read_extended_overridden_and_named_in_messages(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text(json.dumps(CONFIG))
    path = tmp_path / "config.yaml"
    path.write_text("extends: base.json\noptimizer: {args: {lr: 1e-2}}\n")
    parser = ConfigParser.from_file(path, ["trainer.epochs=2"])
    assert parser.source == str(path)
    assert parser.resolved["optimizer"]["args"]["lr"] == 0.01
    assert parser.resolved["optimizer"]["args"]["momentum"] == 0.9
    assert parser.resolved["trainer"]["epochs"] == 2
    with pytest.raises(ConfigError, match=r"config\.yaml: 1 mistake"):
        ConfigParser.from_file(path, ["trainer.epochs=0"])


def test_metrics_are_told_what_the_loss_takes_outputs_for() -> None:
    loss = 'loss={"type": "CrossEntropyLoss", "args": {"from_logits": false}}'
    settings = ConfigParser(override(CONFIG, [loss, 'metrics=["accuracy", "roc_auc"]'])).build()
    assert [metric.outputs for metric in settings.metrics or []] == ["probabilities", "probabilities"]
