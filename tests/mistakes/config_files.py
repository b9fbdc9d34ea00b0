"""Files that are no configs."""

import os

from tests.mistakes.making import CONFIG, Wrong, chained, configured, text

CONFIG_FILES = [
    Wrong(
        "no such config", None, ("-c", "confg.json"), "confg.json: there is no such file; did you mean 'config.json'?"
    ),
    Wrong("a folder for a config", None, ("-c", "saved"), "saved: is a folder; give the path of a config file"),
    Wrong("an empty config", text("a.json", ""), ("-c", "a.json"), "a.json: the file is empty; expected an object"),
    Wrong(
        "JSON without a comma", text("a.json", '{\n "name": "x"\n "seed": 1\n}'), ("-c", "a.json"), "line 3 column 2"
    ),
    Wrong("a config that is a list", text("a.json", "[1]"), ("-c", "a.json"), "expected an object with keys"),
    Wrong(
        "a key twice", text("a.json", '{"name": "x", "name": "y"}'), ("-c", "a.json"), "the key 'name' is there twice"
    ),
    Wrong("a config that is no text", text("a.json", b"\xff\xfe\x00"), ("-c", "a.json"), "save it as UTF-8"),
    Wrong("YAML with a tab", text("a.yaml", "name: x\n\tseed: 1"), ("-c", "a.yaml"), "line 2 column 1"),
    Wrong(
        "YAML that makes objects",
        text("a.yaml", "name: !!python/name:os.system"),
        ("-c", "a.yaml"),
        "line 1 column 7: a config holds plain values; leave out the tag",
    ),
    Wrong("an ending that is none", text("a.toml", "name = 3"), ("-c", "a.toml"), "expected a file that ends in .json"),
    Wrong("extending nothing", configured(extends="no.json"), CONFIG, "no.json: there is no such file"),
    Wrong("extending itself", configured(extends="config.json"), CONFIG, "extends itself: config.json -> config.json"),
    Wrong("extending without end", chained(2000), ("-c", "0.json"), "is the last of 30 files that each extend"),
    Wrong("extending a number", configured(extends=3), CONFIG, "extends: expected the path of another config"),
    Wrong("no architecture", configured(arch=None), CONFIG, "arch: is missing"),
    Wrong("no name", configured(name=None), CONFIG, "name: is missing"),
    Wrong("a name with a slash", configured(name="a/b"), CONFIG, "name: expected letters, digits"),
    Wrong("a name that is too long", configured(name="a" * 300), CONFIG, "name: expected letters, digits"),
    Wrong("a section that is none", configured(optimiser={"type": "SGD"}), CONFIG, "did you mean 'optimizer'?"),
    Wrong("a config of pytorch-template", configured(n_gpu=1), CONFIG, "n_gpu: unknown key 'n_gpu'"),
    Wrong("several mistakes", configured(seed=-1, loss="L3"), CONFIG, "seed: expected a whole number of at least 0"),
]

PIPES = [
    Wrong(
        "a pipe for a config",
        lambda: os.mkfifo("pipe.json"),
        ("-c", "pipe.json"),
        "pipe.json: is not a file but a pipe or a device",
    ),
    Wrong("a device for a config", None, ("-c", "/dev/zero"), "/dev/zero: is not a file but a pipe or a device"),
    Wrong(
        "extending a pipe",
        lambda: (os.mkfifo("pipe.json"), configured(extends="pipe.json")()),
        CONFIG,
        "pipe.json: is not a file but a pipe or a device",
    ),
]

if hasattr(os, "mkfifo"):
    CONFIG_FILES += PIPES
