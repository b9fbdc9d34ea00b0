"""From annotations to kinds, and what each kind takes and refuses."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np
import pytest

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.constraints import Distinct, Fraction, Length, Pattern, PositiveInt, Range
from base.errors import ConfigError
from utils.config.annotations import arguments_of, kind_of
from utils.config.messages import Mistake
from utils.config.registry import FAMILIES, Family, Target, members


def check(annotation: Any, value: Any) -> tuple[Any, list[str]]:
    mistakes: list[Mistake] = []
    checked = kind_of(annotation).check(value, "at", mistakes)
    return checked and checked.build(), [str(mistake) for mistake in mistakes]


@dataclass(frozen=True)
class Point:
    """A place.

    x: how far right,
        in metres.
    tags: words.
    """

    x: float
    tags: list[str] = field(default_factory=lambda: ["a"])

    def __post_init__(self) -> None:
        if self.x == 13:
            raise ValueError("13 is unlucky")


@pytest.mark.parametrize(
    ("annotation", "value", "built"),
    [
        (int, 3, 3),
        (float, 3, 3.0),
        (float, np.float64(0.5), 0.5),
        (str, "", ""),
        (bool, False, False),
        (None, None, None),
        (Literal["a", 1], 1, 1),
        (list[int], [], []),
        (tuple[int, ...], [1, 2], (1, 2)),
        (tuple[int, str], [1, "a"], (1, "a")),
        (dict[str, float], {"a": 1}, {"a": 1.0}),
        (int | None, None, None),
        (int | float, 1, 1),
        (PositiveInt | tuple[PositiveInt, PositiveInt], [3, 4], (3, 4)),
        (Annotated[Fraction, Range(gt=0.5)], 0.6, 0.6),
        (Annotated[list[str], Length(1)], ["a"], ["a"]),
        (Annotated[list[str], Distinct()], ["a", "b"], ["a", "b"]),
        (Annotated[str, Pattern("a+", "some a")], "aa", "aa"),
        (Point, {"x": 1}, Point(1.0)),
        (list[Point], [{"x": 1, "tags": []}], [Point(1.0, [])]),
    ],
)
def test_a_value_of_the_kind_is_built(annotation: Any, value: Any, built: Any) -> None:
    result, mistakes = check(annotation, value)
    assert mistakes == []
    assert (result, type(result)) == (built, type(built))


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        (int, True, "at: expected a whole number, got true"),
        (int, 3.0, "at: expected a whole number, got 3.0 (write 3)"),
        (int, 2**63, "at: expected a whole number, got 9223372036854775808 (too large)"),
        (float, False, "at: expected a number, got false"),
        (float, float("nan"), "at: expected a number, got NaN"),
        (float, float("inf"), "at: expected a number, got Infinity"),
        (float, 10**400, f"at: expected a number, got 1{'0' * 56}... (too large)"),
        (Annotated[Fraction, Range(gt=0.5)], 0.5, "at: expected a number of at least 0 and above 0.5 and below 1, got"),
        (Literal[0, 1], False, "at: expected 0 or 1, got false"),
        (Literal[0, 1], 1.0, "at: expected 0 or 1, got 1.0 (write 1)"),
        (Annotated[str, Pattern("a+", "some a")], "aab", 'at: expected some a, got "aab"'),
        (str, b"x", "at: expected text, got \"b'x'\""),
        (list[int], "12", 'at: expected a list (each: a whole number), got "12"'),
        (list[int], [1, "x"], "at.1: expected a whole number"),
        (tuple[int, int], [1], "at: expected a list of 2 (a whole number, a whole number), got [1]"),
        (dict[str, int], {"a b": "x"}, "at.a b: expected a whole number"),
        (dict[str, int], {1: 1}, "at: expected an object (each value: a whole number)"),
        (PositiveInt | None, -3, "at: expected a whole number of at least 1 or null, got -3"),
        (list[int] | None, ["x"], "at.0: expected a whole number"),
        (PositiveInt | tuple[int, int], [1, "x"], "at.1: expected a whole number"),
        (Point | None, {"y": 1}, "at.x: is missing: how far right, in metres; for example"),
        (Point, {"x": 13}, "at: 13 is unlucky"),
    ],
)
def test_any_other_value_is_refused_in_words(annotation: Any, value: Any, text: str) -> None:
    result, mistakes = check(annotation, value)
    assert result is None
    assert mistakes[0].startswith(text)


@pytest.mark.parametrize(
    "annotation", [int, float, PositiveInt, Fraction, Annotated[float, Range(gt=3, lt=4)], Annotated[int, Range(le=-4)],
                   str, bool, Literal["a"], list[int], Annotated[list[str], Length(2)], tuple[int, str],
                   dict[str, int], int | None, Point, BaseLayer, list[BaseLayer], BaseInitializer]
)  # fmt: skip
def test_the_example_of_a_kind_is_of_that_kind(annotation: Any) -> None:
    assert check(annotation, kind_of(annotation).example())[1] == []


@pytest.mark.parametrize("annotation", [object, np.ndarray, set[int], dict[int, str], Annotated[str, Range(ge=1)]])
def test_an_annotation_that_no_config_can_express_is_refused(annotation: Any) -> None:
    with pytest.raises(TypeError):
        kind_of(annotation)


def test_a_component_with_an_argument_that_no_config_can_give_is_named() -> None:
    class Bare:
        def __init__(self, x) -> None:  # type: ignore[no-untyped-def]
            pass

    class Odd:
        def __init__(self, x: object) -> None:
            pass

    class Open:
        def __init__(self, **x: int) -> None:
            pass

    class Lost:
        def __init__(self, x: "NoSuchName") -> None:  # type: ignore[name-defined]  # noqa: F821
            pass

    for target, words in ((Bare, "has no annotation"), (Odd, "cannot hold"), (Open, "by name"), (Lost, "NoSuchName")):
        with pytest.raises(ConfigError, match=rf"{target.__name__}: a.*{words}"):
            arguments_of(target)


def test_a_default_that_breaks_its_own_annotation_is_a_defect_of_the_component() -> None:
    class Wrong:
        def __init__(self, x: PositiveInt = 0) -> None:
            pass

    with pytest.raises(ConfigError, match="Wrong: the default of argument 'x'"):
        arguments_of(Wrong)["x"].checked_default()


def test_a_default_component_that_forgets_its_arguments_is_refused() -> None:
    class Forgetful(BaseInitializer):
        def __init__(self, x: int = 1) -> None:
            pass

        def sample(self, shape: Any, generator: Any) -> Any:
            return np.zeros(shape)

    class User:
        def __init__(self, initializer: BaseInitializer = Forgetful()) -> None:
            pass

    with pytest.raises(ConfigError, match="Forgetful is used as a default, but does not keep its argument 'x'"):
        arguments_of(User)


REAL = [target for family in FAMILIES.values() for target in members(family).values()]


@pytest.mark.parametrize("target", REAL, ids=lambda target: target.__name__)
def test_every_component_can_be_made_from_a_config_and_says_what_it_and_its_arguments_are(target: Target) -> None:
    assert target.__doc__
    for argument in arguments_of(target).values():
        assert argument.text, f"{target.__name__} does not document {argument.name!r}"
        assert argument.is_required or argument.checked_default()


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.label)
def test_the_bases_are_named_by_what_they_are(family: Family) -> None:
    assert kind_of(family.base).describe().startswith(family.one)
