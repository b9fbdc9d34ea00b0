"""Finding components: a family is a folder."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import pytest

from base.base_metric import BaseMetric
from base.errors import ConfigError
from utils.config.registry import FAMILIES, Family, members, missing_methods

WriteFamily = Callable[..., Family]


class Tool(ABC):
    """The base of a family made for these tests."""

    @abstractmethod
    def use(self) -> None:
        """Use it."""


@pytest.fixture
def family_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> WriteFamily:
    """Writes modules into a package of their own and gives the family that they are."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(base: type = Tool, **modules: str) -> Family:
        package = f"tools_of_{abs(hash(request.node.name))}"
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        for name, text in modules.items():
            (tmp_path / package / f"{name}.py").write_text(text)
        return Family(base, package, "tool")

    return write


TOOL = f"from {__name__} import Tool\n"
HAMMER = TOOL + "class Hammer(Tool):\n    def use(self): pass\n"


def test_adding_a_file_adds_a_component(family_of: WriteFamily) -> None:
    saw = HAMMER.replace("Hammer", "Saw")
    assert list(members(family_of(saw=saw, hammer=HAMMER))) == ["Hammer", "Saw"]


def test_only_public_concrete_classes_of_the_module_itself_are_found(family_of: WriteFamily) -> None:
    text = HAMMER + "class _Hidden(Hammer): pass\nclass Other: pass\nclass Half(Tool): pass\nAlias = Hammer\n"
    assert list(members(family_of(hammer=text))) == ["Hammer"]


def test_missing_methods_of_an_unfinished_class_are_named(family_of: WriteFamily) -> None:
    family = family_of(hammer=HAMMER + "class Half(Tool): pass\n")
    assert [missing_methods(family, name) for name in ("Half", "Hammer", "Tool", "Saw")] == [["use"], [], [], []]


def test_plain_functions_are_metrics_if_they_take_output_and_target(family_of: WriteFamily) -> None:
    text = "def right(output, target): pass\ndef helper(x): pass\ndef _hidden(output, target): pass\n"
    assert list(members(family_of(BaseMetric, score=text))) == ["right"]


def test_plain_functions_are_of_no_other_family(family_of: WriteFamily) -> None:
    assert members(family_of(score="def right(output, target): pass\n")) == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def", "SyntaxError"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("x = 1\ny", r"NameError: name 'y' is not defined .*broken\.py, line 2"),
    ],
)
def test_a_module_that_cannot_be_imported_is_named_with_the_reason(
    family_of: WriteFamily, text: str, reason: str
) -> None:
    with pytest.raises(ConfigError, match=rf"broken\.py cannot be imported: {reason}"):
        members(family_of(broken=text))


def test_two_modules_with_the_same_name_are_refused(family_of: WriteFamily) -> None:
    with pytest.raises(ConfigError, match=r"one and .*two both define a tool 'Hammer'"):
        members(family_of(one=HAMMER, two=HAMMER))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.label)
def test_every_family_has_members(family: Family) -> None:
    assert members(family)
