"""Commands that ask for what is not there."""

import shutil

from tests.mistakes.making import CONFIG, RUN, Wrong, setting

COMMAND_LINE = [
    Wrong("a variable in a path that is not set", None, ("-c", "$NO_SUCH/c.json"), "variable NO_SUCH is not set"),
    Wrong("one in an output", None, ("tools.plot_schedule", *CONFIG, "-o", "${NO_SUCH}/a.png"), "variable NO_SUCH is"),
    Wrong("the home of nobody", None, ("compare.py", "~nobody_is_called_so/saved"), "is called 'nobody_is_called_so'"),
    Wrong("a home in the middle", None, setting("trainer.save_dir=saved/~/runs"), "~ is the home folder only where it"),
    Wrong("a variable in save_dir", None, setting("trainer.save_dir=$NO_SUCH/runs"), "trainer.save_dir: $NO_SUCH/runs"),
    Wrong("a variable in data_dir", None, setting("data_loader.args.data_dir=${NO_SUCH}"), "data_dir: ${NO_SUCH}: the"),
    Wrong("nothing asked for", None, (), "error: give a config with -c or a checkpoint with -r"),
    Wrong("a flag that is none", None, (*CONFIG, "--epoch", "3"), "train.py has no --epoch; did you mean --epochs?"),
    Wrong("a flag without its value", None, ("-c",), "argument -c/--config: expected one argument"),
    Wrong("epochs that are no number", None, (*CONFIG, "--epochs", "ten"), "trainer.epochs: expected a whole number"),
    Wrong("a rate below zero", None, (*CONFIG, "--lr", "-1"), "optimizer.args.lr: expected a number above 0"),
    Wrong("no value to set", None, setting("trainer.epochs"), "--set trainer.epochs: expected KEY.PATH=VALUE"),
    Wrong("no key to set", None, setting("=3"), "--set =3: expected KEY.PATH=VALUE"),
    Wrong(
        "a place in a list that is none", None, setting("metrics.7=accuracy"), "expected an index from 0 to 0, got '7'"
    ),
    Wrong("a key below a number", None, setting("trainer.epochs.a=3"), "would have to be a key of 2"),
    Wrong("a run id with a slash", None, (*CONFIG, "--run-id", "a/b"), "--run-id: 'a/b' names a folder: use letters"),
    Wrong("a run id that is too long", None, (*CONFIG, "--run-id", "a" * 300), "'_' and '-', 200 at most"),
    Wrong("a run id that is taken", None, (*CONFIG, "--run-id", "run"), "--run-id: saved/models/tiny/run exists"),
    Wrong("a run id for a run that goes on", None, ("-r", "latest", "--epochs", "3", "--run-id", "b"), "--run-id: -r"),
    Wrong(
        "a rate changed when going on", None, ("-r", str(RUN), "--lr", "0.5"), "continues a run exactly, and this would"
    ),
    Wrong("too few epochs", None, ("-r", str(RUN), "--epochs", "1"), "has done 2 of 1 epochs"),
    Wrong("a rate found for a run that goes on", None, ("--find-lr", "-r", "latest"), "--find-lr and -r do not go"),
    Wrong("a rate found and given", None, (*CONFIG, "--find-lr", "--lr", "1"), "--find-lr and --lr do not go together"),
    Wrong("a rate found and a check", None, (*CONFIG, "--find-lr", "--check"), "--find-lr and --check do not go"),
    Wrong("a rate found with t-SNE", None, (*CONFIG, "--find-lr", "--tsne"), "--find-lr and --tsne do not go together"),
    Wrong("a rate found by a run", None, (*CONFIG, "--find-lr", "--run-id", "b"), "--run-id do not go together: it"),
    Wrong(
        "a rate drawn over a config", None, (*CONFIG, "--find-lr", "config.json"), "expected a file that ends in .png"
    ),
    Wrong("a page over a checkpoint", None, ("draw.py", "-r", str(RUN), "-o", "a.npz"), "ends in .html or .htm, got"),
    Wrong(
        "a page in a file on a port", None, ("draw.py", "-r", "latest", "-o", "a.html", "--port", "80"), "-o writes a"
    ),
    Wrong("a rate found without a config", None, ("--find-lr",), "error: give a config with -c"),
    Wrong("no checkpoint to test", None, ("test.py", *CONFIG), "error: give a checkpoint with -r"),
    Wrong("a schedule without a config", None, ("tools.plot_schedule",), "arguments are required: -c/--config"),
    Wrong("nothing to report on", None, ("tools.report",), "arguments are required: RUN"),
    Wrong("a page of no run", None, ("tools.report", "data"), "data: holds no run"),
    Wrong("nothing to replay", None, ("tools.replay",), "arguments are required: CHECKPOINT"),
    Wrong("nothing to compare", None, ("compare.py",), "arguments are required: RUN"),
    Wrong("no such run", None, ("compare.py", str(RUN), "saved/models/tiny/rum"), "rum: there is no such run"),
    Wrong("no run to compare", None, ("compare.py", "data"), "data: holds no run; runs are in <save_dir>/models/"),
    Wrong("a file of no run", None, ("compare.py", "config.json"), "config.json: is not in the folder of a run"),
    Wrong("no latest run", lambda: shutil.rmtree("saved"), ("compare.py", "latest"), "latest: no run has a checkpoint"),
    Wrong(
        "a figure that no run has",
        None,
        ("compare.py", "saved", "--sort", "val_acuracy"),
        "no run has such a metric; did you mean 'val_accuracy'? There are: date, name, seconds, loss, accuracy",
    ),
    Wrong("the first none", None, ("compare.py", "saved", "--top", "0"), "--top: expected a whole number"),
    Wrong("nothing to draw for", None, ("draw.py",), "arguments are required: -r/--resume"),
    Wrong("no checkpoint to draw for", None, ("draw.py", "-r", "no.npz"), "no.npz: there is no such checkpoint"),
    Wrong("a port that is none", None, ("draw.py", "-r", str(RUN), "--port", "70000"), "a number from 1 to 65535"),
    Wrong("a page into a folder", None, ("draw.py", "-r", str(RUN), "-o", "data"), "-o data: is a folder; give the"),
    Wrong("no augmentation to draw", None, ("tools.plot_augmentation", *CONFIG), "augmentation: there is none to draw"),
    Wrong(
        "a project where something is", None, ("new_project.py", "data"), "data is there already, and nothing in it is"
    ),
    Wrong("a project that hides the framework", None, ("new_project.py", "trainer"), "hides the folder trainer/ of"),
    Wrong("a project without a name", None, ("new_project.py",), "arguments are required: NAME"),
    Wrong(
        "a folder to watch that is none", None, ("watch.py", "runs"), "runs: there is no such folder; runs are in the"
    ),
    Wrong("a folder to watch that is misspelt", None, ("watch.py", "savd"), "such folder; did you mean 'saved'?"),
    Wrong("a file to watch", None, ("watch.py", "config.json"), "config.json: is a file; give the folder that runs"),
    Wrong("a port to watch on that is none", None, ("watch.py", "saved", "--port", "0"), "a number from 1 to 65535"),
]
