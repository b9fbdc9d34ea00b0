"""Commands that are shown to be pasted."""

import shlex


def shell_command(*words: object) -> str:
    """Words of a command as a shell takes them, each as one word whatever it holds.

    >>> shell_command("python", "train.py", "-r", "my runs/last.npz")
    "python train.py -r 'my runs/last.npz'"
    """
    return shlex.join(map(str, words))
