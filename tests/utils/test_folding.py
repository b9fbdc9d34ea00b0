"""Lines are broken between words, and commands so that a shell still takes them."""

import os
import re
import shlex

import pytest

from utils.folding import fold, padded, text_width

CAT = "\N{CJK UNIFIED IDEOGRAPH-732B}"
PATH = "saved/models/mnist_mlp/20261127-100921/best.npz"
TEXTS = [
    "error: no.json: there is no such file; did you mean 'config.json'?",
    f"warning: stopped; the newest checkpoint is {PATH}, which is whole",
    "  optimizer.args.momemtum: Adam has no argument 'momemtum'. It takes: lr, betas, eps, weight_decay, amsgrad",
    "balance  fewest training samples: 3,795 of class 5; most: 4,718 of class 1",
    f"classes  3: {CAT * 9}, {CAT * 8}, {CAT * 7}, {CAT * 6}",
]


@pytest.mark.parametrize("width", [30, 40, 80])
@pytest.mark.parametrize("text", TEXTS)
def test_lines_fit_and_no_word_is_broken(text: str, width: int) -> None:
    lines = fold(text, width).splitlines()
    assert max(map(text_width, lines)) <= width
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    for line in lines[:-1]:  # between words, or between the parts of a path or name
        assert line[-1] in "/_," or line.split()[-1] in text.split()


def test_lines_that_fit_stay_as_they_are() -> None:
    text = "layer   type\n  dense1  Dense \n\nlast"
    assert fold(text, 40) == text


def test_what_follows_a_label_stands_beside_it() -> None:
    assert fold("samples  1,294 training, 144 validation", 24) == "samples  1,294 training,\n         144 validation"
    assert fold("pictures curves, steps, dynamics", 24, indent=9) == "pictures curves, steps,\n         dynamics"


def test_a_path_that_fits_a_line_of_its_own_is_whole() -> None:
    assert fold("models   saved/models/mnist_mlp/20261127", 36) == "models\n  saved/models/mnist_mlp/20261127"


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX joins lines at a backslash")
@pytest.mark.parametrize("width", [36, 40, 60])
@pytest.mark.parametrize(
    "words",
    [
        ["python", "train.py", "-r", PATH],
        ["python", "predict.py", "-r", "my runs/a network's best.npz", "-r", PATH, "--quiet", "INPUT"],
        ["python", "-m", "tools.replay", PATH],
    ],
)
@pytest.mark.parametrize("before", ["", "test it  ", "error: has done 3 of 3 epochs; to go on, give the config too: "])
def test_a_command_at_the_end_of_a_line_can_be_pasted(before: str, words: list[str], width: int) -> None:
    folded = fold(before + shlex.join(words), width)
    assert shlex.split(folded[folded.index("python") :].replace("\\\n", "")) == words
    assert max(len(line) for line in folded.splitlines() if "'" not in line) <= width


def test_wide_letters_count_twice() -> None:
    assert text_width(CAT * 3) == 6
    assert (padded(CAT, 4), padded(CAT, 4, to_the_right=True)) == (f"{CAT}  ", f"  {CAT}")
