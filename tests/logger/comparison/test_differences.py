"""Configs are compared key by key, and runs are called by what tells them apart."""

from logger.comparison.differences import differences, labels, short_names


def test_only_what_differs_is_shown() -> None:
    one = {"name": "a", "seed": 1, "trainer": {"epochs": 2, "dtype": "float32"}}
    other = {"name": "b", "seed": 1, "trainer": {"epochs": 3, "dtype": "float32"}}
    assert differences([one, other]) == {"trainer.epochs": ["2", "3"]}


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert differences([{"lr": 1}, {"lr": 1.0}]) == {}
    assert differences([{"shuffle": True}, {"shuffle": 1}]) == {"shuffle": ["true", "1"]}


def test_lists_of_values_are_one_value_and_lists_of_components_are_not() -> None:
    one = {"sizes": [784, 10], "layers": [{"type": "Linear"}, {"type": "ReLU"}]}
    other = {"sizes": [784, 9, 10], "layers": [{"type": "Linear"}]}
    assert differences([one, other]) == {"sizes": ["[784, 10]", "[784, 9, 10]"], "layers.1.type": ["ReLU", "-"]}


def test_a_component_that_is_not_there_is_said_by_its_own_keys() -> None:
    one, other = {"regularizer": None}, {"regularizer": {"type": "L2", "args": {"weight": 1e-4}}}
    assert differences([one, other]) == {"regularizer.type": ["-", "L2"], "regularizer.args.weight": ["-", "0.0001"]}


def test_what_all_have_comes_first_and_what_changes_no_result_last() -> None:
    one = {"trainer": {"threads": 1}, "optimizer": {"type": "SGD", "args": {"momentum": 0.9, "lr": 0.1}}}
    other = {"trainer": {"threads": 2}, "optimizer": {"type": "Lion", "args": {"lr": 0.2}}}
    keys = list(differences([one, other]))
    assert keys == ["optimizer.type", "optimizer.args.lr", "optimizer.args.momentum", "trainer.threads"]


def test_a_config_that_is_lost_is_unknown_and_no_difference() -> None:
    assert differences([{"seed": 1}, {}]) == {}
    assert differences([{"seed": 1}, {}, {"seed": 2}]) == {"seed": ["1", "?", "2"]}


def test_short_names_keep_as_much_as_tells_keys_apart() -> None:
    keys = ["optimizer.args.weight", "regularizer.args.weight", "arch.args.layers.2.args.units", "loss.type"]
    assert list(short_names(keys).values()) == ["optimizer.weight", "regularizer.weight", "units", "loss"]


def test_two_keys_that_read_the_same_are_given_in_full() -> None:
    keys = ["a.args.args.b", "a.args.b"]
    assert list(short_names(keys).values()) == keys


def test_labels_say_what_differs() -> None:
    differing = {"optimizer.type": ["SGD", "Lion"], "optimizer.args.lr": ["0.1", "0.2"], "trainer.threads": ["1", "2"]}
    assert labels(["a", "a"], ["x", "y"], differing) == ["SGD, lr 0.1", "Lion, lr 0.2"]
    assert labels(["a", "b"], ["x", "y"], {}) == ["a", "b"]


def test_labels_are_never_the_same_and_never_long() -> None:
    assert labels(["a", "a"], ["x", "y"], {}) == ["x", "y"]
    differing = {f"key{number}": ["same", "same", "other"] for number in range(40)}
    texts = labels(["a", "a", "a"], ["x", "y", "z"], differing)
    assert len(set(texts)) == 3
    assert all(len(text) < 60 for text in texts)


def test_what_is_printed_and_where_things_lie_are_no_differences() -> None:
    one = {"trainer": {"verbosity": 0, "save_dir": "a/"}, "data_loader": {"args": {"data_dir": "/a/mnist", "k": 1}}}
    other = {
        "trainer": {"verbosity": 1, "save_dir": "b/"},
        "data_loader": {"args": {"data_dir": "b\\mnist/", "k": 2}},
    }
    assert differences([one, other]) == {"data_loader.args.k": ["1", "2"]}
    assert differences([{"path": "a/one.csv"}, {"path": "a/two.csv"}]) == {"path": ["a/one.csv", "a/two.csv"]}
