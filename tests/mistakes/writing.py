"""What cannot be written, and numbers that do not stay finite."""

import shutil

from tests.mistakes.making import CONFIG, RUN, Wrong, setting, text

WRITING = [
    Wrong("a file where runs should go", None, setting("trainer.save_dir=config.json"), "cannot write config.json/", 4),
    Wrong(
        "a file where models should go",
        lambda: (shutil.rmtree("saved/models"), text("saved/models", "")()),
        CONFIG,
        "cannot write saved/models/tiny",
        4,
    ),
    Wrong(
        "a picture into nowhere", None, ("tools.plot_schedule", *CONFIG, "-o", "no/a.png"), "cannot write no/a.png", 4
    ),
    Wrong("a page where a file is", None, ("compare.py", str(RUN), "-o", "config.json"), "cannot write config.json", 4),
    Wrong(
        "a rate that is far too high", None, (*CONFIG, "--lr", "1e30"), "the loss became infinite or not a number", 3
    ),
    Wrong(
        "weights that explode", None, (*CONFIG, "--lr", "3e38", "--set", "optimizer.args.momentum=0"), "became inf", 3
    ),
]
