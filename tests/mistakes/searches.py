"""Searches that cannot be."""

from tests.mistakes.making import CONFIG, LR, Wrong, searched, searching

SEARCHES = [
    Wrong("a search of nothing", None, ("search.py", *CONFIG), "arguments are required: -s/--search"),
    Wrong("no such search", None, searching(), "search.json: there is no such file"),
    Wrong("a search for a key that is none", searched({"optimizer.args.lrr": [1]}), searching(), "did you mean 'lr'?"),
    Wrong("a search of an empty range", searched({LR: {"low": 1, "high": 0}}), searching(), "is not below high 0"),
    Wrong("a search of a value that is refused", searched({LR: [0.1, -1]}), searching(), "-1: expected a number above"),
    Wrong("a goal that is no figure", searched({LR: [1]}, goal="max acc"), searching(), "goal: the log will have no"),
    Wrong(
        "a goal without validation data",
        searched({LR: [1]}, goal="min val_loss"),
        searching("--set", "data_loader.args.validation_split=0", "--set", "trainer.monitor=min loss"),
        "goal: the log will have no figure 'val_loss' without data_loader.args.validation_split",
    ),
    Wrong(
        "a search without data",
        searched({LR: [1]}, goal="max accuracy"),
        searching("--set", "data_loader.args.data_dir=no"),
        "there is no folder no",
    ),
    Wrong(
        "a storage whose password cannot be told apart",
        searched({LR: [1]}),
        searching("--storage", "oracle://me:se@cret@host/x"),
        "--storage oracle://***: cannot be used: it is no URL of a database",
    ),
    Wrong(
        "a storage in no variable", None, ("search.py", *CONFIG, "-s", "s.json", "--storage", "$NO"), "variable NO is"
    ),
    Wrong(
        "an option that holds a URL",
        None,
        ("search.py", *CONFIG, "-s", "s.json", "--db", "x://u:p@h"),
        "search.py has no --db",
    ),
    Wrong("a storage that is none", searched({LR: [1]}), searching("--storage", "nonsense"), "--storage nonsense: can"),
]
