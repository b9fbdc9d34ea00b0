"""Commands that are shown to be pasted."""

import shlex
from pathlib import Path


def shell_command(*words: object) -> str:
    """Words of a command as a shell takes them, each as one word whatever it holds, and no path as an option.

    >>> shell_command("python", "train.py", "-r", "my runs/last.npz")
    "python train.py -r 'my runs/last.npz'"
    >>> shell_command("python", "train.py", "-r", Path("-runs"))
    'python train.py -r ./-runs'
    """
    return shlex.join(
        f"./{word}" if isinstance(word, Path) and str(word).startswith("-") else str(word) for word in words
    )
