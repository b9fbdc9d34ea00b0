"""Data loaders, with the files that tests/every_data.py writes, and arguments that each must refuse."""

from typing import Any

from tests.cases.case import Case

PARTS = {"batch_size": 8, "validation_split": 0.25, "stratify": True}
NUMBERS = {"batch_size": 8, "validation_split": 40, "task": "regression", "path": "data/diabetes/diabetes.csv"}
LETTERS = {"train_prefix": "emnist-letters-train", "test_prefix": "emnist-letters-test", "first_label": 1}
KERAS = {"inputs": "x_train", "targets": "y_train", "test_inputs": "x_test", "test_targets": "y_test"}
NPY = {"inputs": "data/own/inputs.npy", "targets": "data/own/targets.npy"}
VALID = {"validation_inputs": "x_valid", "validation_targets": "y_valid"}
VALID_NPY = {"validation_inputs": "data/own/valid_inputs.npy", "validation_targets": "data/own/valid_targets.npy"}
BY_ARRAY = {"split": {"by": "group", "column": "groups"}}
BY_FILE = {"split": {"by": "group", "column": "data/own/groups.npy"}}
IMAGES = {"data_dir": "data/own/images", "resize": [16, 16]}
OWN_PARTS = {"validation_dir": "data/own/more_images", "test_dir": "data/own/more_images", "validation_split": 0}
SHIP = {"batch_size": 8, "validation_split": 0.25, "path": "data/own/ship.csv", "target": "survived"}
OWN_ORDER = {"sex": ["male", "female"], "deck": "one_hot", "ticket": "ordinal"}
GAPS = {"age": "median", "deck": "none"}
BY_TICKET = {"split": {"by": "group", "column": "ticket"}, "features": ["sex", "age", "deck", "ticket"]}
OF_FOLDS = {"split": {"by": "fold", "index": 1, "count": 4}, "validation_split": 0}
EXPORTED = {"batch_size": 8, "validation_split": 0.25, "path": "data/own/exported.csv", "delimiter": ";"}
OTHER_TABLES = {"validation_path": "data/own/ship_columns_moved.csv", "test_path": "data/own/ship_columns_moved.csv"}
HELD = "0123456789abcdef"  # of arrays that a test gives

CASES = [
    Case("MnistDataLoader", PARTS | {"data_dir": "data/mnist"}),
    Case("MnistDataLoader", PARTS | LETTERS | {"data_dir": "data/emnist", "classes": 26, "transpose": True}),
    Case("DigitsDataLoader", PARTS | {"test_split": 100, "subset": 300, "normalize": "standardize"}),
    *(Case("TwoDimensionalDataLoader", PARTS | {"task": task}) for task in ("linear", "moons", "circles", "spirals")),
    Case("TwoDimensionalDataLoader", PARTS | {"task": "xor", "noise": 0.01, "normalize": "min_max"}),
    Case("NpzDataLoader", PARTS | KERAS | {"path": "data/own/data.npz", "shape": [28, 28, 1]}),
    Case("NpyDataLoader", PARTS | NPY | {"normalize": "min_max", "subset": 0.8}),
    Case("NpzDataLoader", KERAS | VALID | {"path": "data/own/data.npz", "subset": 20, "batch_size": 8}),
    Case("NpzDataLoader", BY_ARRAY | {"path": "data/own/channels_first.npz", "validation_split": 0.5, "batch_size": 8}),
    Case("NpyDataLoader", NPY | VALID_NPY | BY_FILE | {"shape": [28, 28, 1], "subset": 0.8, "batch_size": 8}),
    Case("MnistDataLoader", {"data_dir": "data/mnist", "validation_prefix": "t10k", "subset": 99, "batch_size": 8}),
    Case("MemoryDataLoader", PARTS | {"arrays": HELD, "shape": [28, 28, 1], "normalize": "standardize"}),
    Case("CsvDataLoader", PARTS | {"path": "data/iris/iris.csv", "target": "species", "normalize": "standardize"}),
    Case("CsvDataLoader", NUMBERS | {"target": "progression", "test_split": 42}),
    Case("CsvDataLoader", NUMBERS | {"target": ["s5", "s6"], "features": ["age", "bmi"], "normalize": "min_max"}),
    Case("CsvDataLoader", SHIP | {"categories": "one_hot", "missing": "mean", "stratify": True}),
    Case("CsvDataLoader", SHIP | {"class_balanced": True, "categories": OWN_ORDER, "missing": GAPS, **BY_TICKET}),
    Case("CsvDataLoader", SHIP | {"features": ["age"], "missing": -1, "normalize": "min_max", **OF_FOLDS}),
    Case("CsvDataLoader", EXPORTED | {"decimal": ",", "encoding": "cp1252", "header": False, "target": "2"}),
    Case(
        "CsvDataLoader",
        SHIP | {"categories": "ordinal", "missing": "median", "validation_split": 0, "subset": 0.8, **OTHER_TABLES},
    ),
    Case("ImageFolderDataLoader", PARTS | {"data_dir": "data/own/images", "resize": [16, 12], "channels": 1}),
    Case("ImageFolderDataLoader", PARTS | IMAGES | {"resize_mode": "crop", "background": 0, "max_pixels": 2000}),
    Case(
        "ImageFolderDataLoader",
        PARTS | IMAGES | OWN_PARTS | {"subset": 0.8, "resize_mode": "pad", "background": [255, 200, 0]},
    ),
]

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("DigitsDataLoader", {"subset": 0}, "subset"),
    ("DigitsDataLoader", {"test_split": 1.5}, "test_split"),
    ("DigitsDataLoader", {"normalize": "z"}, "normalize"),
    ("MnistDataLoader", {"data_dir": "x", "classes": []}, "classes"),
    ("MnistDataLoader", {"data_dir": "x", "download": "EMNIST"}, "download"),
    ("MnistDataLoader", {"data_dir": "x", "download": "KMNIST", "train_prefix": "a"}, "leave the prefixes out"),
    ("TwoDimensionalDataLoader", {"task": "xor", "samples": 50}, "xor has 21 points"),
    ("TwoDimensionalDataLoader", {"task": "rings"}, "task"),
    ("TwoDimensionalDataLoader", {"task": "moons", "noise": -1}, "noise"),
    ("NpzDataLoader", {"path": "x", "test_inputs": "a"}, "give both test_inputs and test_targets"),
    ("NpzDataLoader", {"path": "x", "validation_targets": "a"}, "both validation_inputs and validation_targets"),
    ("NpyDataLoader", {"inputs": "x", "targets": "y", "validation_inputs": "z"}, "give both validation_inputs and"),
    ("NpyDataLoader", {"inputs": "x", "targets": "y", "shape": [2, 0]}, "shape"),
    ("NpyDataLoader", {"inputs": "x", "targets": "y", "test_targets": "z"}, "give both test_inputs and test_targets"),
    ("MemoryDataLoader", {"arrays": "x"}, 'arrays: expected a digest, which trainer.fit.fit writes, got "x"'),
    ("CsvDataLoader", {"path": "x", "target": ["a", "b"]}, "class labels are one column"),
    ("CsvDataLoader", {"path": "x", "target": []}, "target"),
    ("CsvDataLoader", {"path": "x", "target": ["a", "a"], "task": "regression"}, 'target: "a" is there twice'),
    ("CsvDataLoader", {"path": "x", "target": "y", "features": ["a", "b", "a"]}, 'features: "a" is there twice'),
    ("CsvDataLoader", {"path": "x", "target": "y", "features": ["a", "y"]}, "features name 'y', which is to be"),
    ("CsvDataLoader", {"path": "x", "target": "y", "classes": ["a", "a"]}, 'classes: "a" is there twice'),
    ("MnistDataLoader", {"data_dir": "x", "classes": ["a", "a"]}, 'classes: "a" is there twice'),
    ("CsvDataLoader", {"path": "x", "target": "y", "delimiter": ", "}, "a single character"),
    ("CsvDataLoader", {"path": "x", "target": "y", "decimal": ",", "delimiter": ","}, "are the same character"),
    ("CsvDataLoader", {"path": "x", "target": "y", "decimal": "'"}, "decimal"),
    ("CsvDataLoader", {"path": "x", "target": "y", "encoding": "latin-0"}, "encoding 'latin-0' is not known"),
    ("CsvDataLoader", {"path": "x", "target": "y", "header": "no"}, "header"),
    ("CsvDataLoader", {"path": "x", "target": "y", "categories": "dummy"}, "categories"),
    ("CsvDataLoader", {"path": "x", "target": "y", "missing": [0]}, "missing"),
    ("CsvDataLoader", {"path": "x", "target": "y", "shape": [2], "missing": 0}, "shape is for columns that are all"),
    ("CsvDataLoader", {"path": "x", "target": "y", "validation_path": 1}, "validation_path"),
    ("CsvDataLoader", {"path": "x", "target": "y", "split": {"by": "time"}}, "by"),
    ("CsvDataLoader", {"path": "x", "target": "y", "split": {"by": "group"}}, '"column" belongs to by "group"'),
    ("CsvDataLoader", {"path": "x", "target": "y", "split": {"by": "fold", "index": 0}}, "which needs both"),
    ("DigitsDataLoader", {"class_balanced": "yes"}, "class_balanced"),
    ("ImageFolderDataLoader", {"data_dir": "x", "channels": 2}, "channels"),
    ("ImageFolderDataLoader", {"data_dir": "x", "resize": [28]}, "resize"),
    ("ImageFolderDataLoader", {"data_dir": "x", "resize_mode": "pad"}, "without resize no image is resized; give both"),
    ("ImageFolderDataLoader", {"data_dir": "x", "resize": [9, 9], "resize_mode": "fit"}, "resize_mode"),
    ("ImageFolderDataLoader", {"data_dir": "x", "background": 256}, "background"),
    ("ImageFolderDataLoader", {"data_dir": "x", "background": [0, 0]}, "background"),
    ("ImageFolderDataLoader", {"data_dir": "x", "max_pixels": 0}, "max_pixels"),
]
