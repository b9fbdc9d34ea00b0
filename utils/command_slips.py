"""Slips in a command line: words that no argument takes, and the command that was probably meant."""

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from utils.config.messages import nearest
from utils.shell import shell_command

DASHES = "-\u2013\u2014"  # of a text editor too
_CPU = "everything is computed on the CPU; leave it out"
_NEEDLESS = {"device": _CPU, "gpu": _CPU, "gpus": _CPU, "cuda": _CPU, "n-gpu": _CPU, "amp": _CPU}

# The words of other programs for a flag, or for a key that --set can change.
_SYNONYMS = {
    "--lr": ("learning-rate", "rate"),
    "--bs": ("batch-size", "batch", "batchsize"),
    "--epochs": ("num-epochs", "n-epochs", "max-epochs"),
    "--seed": ("random-seed", "random-state", "manual-seed"),
    "--config": ("cfg", "conf", "config-file", "f", "y"),
    "--resume": ("checkpoint", "ckpt", "model", "weights", "load", "run", "m"),
    "--init": ("pretrained", "finetune", "fine-tune", "transfer"),
    "--output": ("out", "output-file", "save", "to", "output-dir"),
    "--search": ("space", "sweep", "search-space"),
    "--check": ("dry-run", "test-run", "validate"),
    "--run-id": ("name", "id", "run-name"),
    "--quiet": ("silent",),
    "--verbose": ("debug", "verbosity"),
    "--top": ("n", "limit", "first"),
    "--sort": ("by", "sort-by", "order-by", "key"),
    "--input-shape": ("shape", "input-size"),
    "trainer.threads": ("threads", "num-threads", "num-workers", "workers", "jobs", "j"),
    "trainer.save_dir": ("save-dir", "log-dir", "logdir"),
    "trainer.early_stop": ("early-stop", "early-stopping", "patience"),
    "trainer.max_minutes": ("max-minutes", "minutes", "time"),
    "trainer.monitor": ("monitor",),
    "optimizer.type": ("optimizer", "optim", "opt"),
    "optimizer.args.momentum": ("momentum",),
    "optimizer.args.weight_decay": ("weight-decay", "wd"),
    "arch.args.dropout": ("dropout",),
    "data_loader.args.data_dir": ("data-dir", "data", "dataset", "data-path"),
    "data_loader.args.validation_split": ("validation-split", "val-split"),
}
_MEANT = {word: meant for meant, words in _SYNONYMS.items() for word in words}
_ONCE = {"config": "-c", "search": "-s", "resume": "-r"}
_OF_A_SEARCH = ("trials", "minutes", "goal", "sampler", "pruner", "overrides", "seeds", "workers", "heartbeat")
_FOR_POSITIONALS = ("r", "resume", "c", "config", "i", "input", "inputs", "checkpoint", "run", "s", "runs")


class Slips:
    """The mistake in the words of a command, of which the flags in `options` and some positional words are right.

    `complaints` are empty where nothing is; `meant` are the words that were meant, None where that is not known.
    """

    def __init__(
        self,
        words: Sequence[str],
        options: Mapping[str, argparse.Action],
        positionals: Sequence[argparse.Action],
        program: str,
    ) -> None:
        self.complaints: list[str] = []
        self.meant: list[str] | None = []
        self._options, self._positionals, self._program = options, positionals, program
        self._given = {action.dest for word in words if (action := self._option(word))}
        self._known = {action.dest for action in options.values()}
        self._rest, seen = list(words), list[str]()
        room = sum(1 if action.nargs is None else len(words) for action in positionals)
        while self._rest:
            word = self._rest.pop(0)
            if (action := self._option(word)) is not None:
                seen.append(action.dest)
                self._take_option(word, action)
            elif _is_flag(word):
                self._refuse_flag(word)
            elif room and not (_is_checkpoint(word) and "resume" in self._known - self._given):
                room -= 1
                self._take(word)
            else:
                self._refuse_word(word)
        for dest, flag in _ONCE.items():
            if seen.count(dest) > 1 and not isinstance(options[flag], argparse._AppendAction):
                self._refuse(f"{flag} stands {seen.count(dest)} times, and takes one file", known=False)

    def __str__(self) -> str:
        program = self._program.split() if self._program.startswith("python ") else ["python", self._program]
        command = [] if self.meant is None else [f"  {shell_command(*program, *self.meant)}"]
        text = "; ".join(self.complaints)
        return "\n".join([text if not command or text.endswith("?") else f"{text}:", *command])

    def _take(self, *words: str) -> None:
        if self.meant is not None:
            self.meant += words

    def _refuse(self, complaint: str, *meant: str, known: bool = True) -> None:
        """Go on with the words that were meant."""
        self.complaints.append(complaint)
        self.meant = [*self.meant, *meant] if known and self.meant is not None else None

    def _option(self, word: str) -> argparse.Action | None:
        """The flag that a word is, also one that holds its value: --lr=0.1, -cconfig.json."""
        if word.startswith("--"):
            return self._options.get(word.partition("=")[0])
        if not word.startswith("-") or f"-{word}" in self._options:  # -config is no -c with a file "onfig"
            return None
        return self._options.get(word[:2])

    def _values(self, many: bool = False) -> list[str]:
        """Take the words that follow a flag: one, or all up to the next flag."""
        count = next((index for index, word in enumerate(self._rest) if _is_flag(word)), len(self._rest))
        count = count if many else min(count, 1)
        values, self._rest = self._rest[:count], self._rest[count:]
        return values

    def _take_option(self, word: str, action: argparse.Action) -> None:
        if action.nargs == 0 and not word.startswith("--") and len(word) > 2:  # -qc FILE
            self._rest.insert(0, f"-{word[2:]}")
            word = word[:2]
        if action.nargs == 0 or "=" in word or (not word.startswith("--") and len(word) > 2):
            self._take(word)
            return
        values = self._values(many=action.nargs is not None)
        whole = self._rejoined(values[0]) if action.dest == "set" and values else None
        if whole is None or whole == values[0]:
            self._take(word, *values)
        else:
            self._refuse("after --set stands one word KEY.PATH=VALUE, and blanks divide this one", word, whole)

    def _rejoined(self, change: str) -> str:
        """A change to the config with the words that blanks have cut off."""
        while self._rest and not _is_flag(self._rest[0]) and not _is_whole(change):
            word = self._rest.pop(0)
            between = " " if "=" in change else "="
            change = f"{change}{'' if change.endswith('=') or word.startswith('=') else between}{word}"
        return change

    def _refuse_flag(self, word: str) -> None:
        flag, equals, value = word.partition("=")
        name = flag.lstrip(DASHES).replace("_", "-").lower()
        complaint = f"{self._program} has no {flag}"
        if self._positionals and name in _FOR_POSITIONALS:
            self._refuse(f"{complaint}: {self._positionals[0].metavar} stands by itself", *([value] if equals else []))
            return
        values = [value] if equals else self._values()
        if name in _NEEDLESS:
            self._refuse(f"{complaint}: {_NEEDLESS[name]}")
            return
        if "search" in self._known and name in _OF_A_SEARCH:
            self._refuse(f'{complaint}: "{name}" is a key of the file that -s names', known=False)
            return
        guess = self._guess(name)
        if guess is None:
            listed = [option for option, action in self._options.items() if action.help != argparse.SUPPRESS]
            longs = [option for option in listed if option.startswith("--") and option != "--help"]
            self._refuse(f"{complaint}; it has {', '.join(longs) or 'none'}", known=False)
        elif guess.startswith("-"):
            self._given.add(self._options[guess].dest)
            self._refuse(f"{complaint}; did you mean {guess}?", guess, *values)
        else:
            change = ("--set", f"{guess}={''.join(values)}")
            self._refuse(f"{complaint}: --set changes {guess}", *change, known=bool(values))

    def _guess(self, name: str) -> str | None:
        """The flag or the config's key that a name means."""
        longs = {option.lstrip("-"): option for option in self._options if option.startswith("--")}
        meant = _MEANT.get(name)
        if name in longs:
            return longs[name]
        if meant is not None and (meant in self._options or (not meant.startswith("-") and "--set" in self._options)):
            return meant
        if len(name) == 1:
            begun = [option for long, option in longs.items() if long[0] == name]
            return begun[0] if len(begun) == 1 else None
        guess = nearest(name, longs)
        return longs[guess] if guess else None

    def _refuse_word(self, word: str) -> None:
        for flag, dest in _flags_for(word):
            if flag in self._options and dest not in self._given:
                self._given.add(dest)
                self._refuse(f"{word} stands without {flag}", flag, word)
                return
        key, equals, value = word.partition("=")
        if equals and f"--{key}" in self._options:
            self._refuse(f"{word} stands without --{key}", f"--{key}", value)
        elif equals and "--set" in self._options:
            self._refuse(f"{word} stands without --set", "--set", word)
        else:
            self._refuse(f"{self._program} takes no word {word!r} here", known=False)


def _is_flag(word: str) -> bool:
    return len(word) > 1 and word[0] in DASHES and not re.fullmatch(r"-\.?\d.*", word)


def _is_whole(change: str) -> bool:
    """True if a change has its value, and that all its brackets."""
    return not re.fullmatch(r"[^=]*=?", change) and all(change.count(a) <= change.count(b) for a, b in ("[]", "{}"))


def _flags_for(word: str) -> list[tuple[str, str]]:
    if Path(word).suffix.lower() in (".json", ".yaml", ".yml"):
        places = [("-c", "config"), ("-s", "search")]
        return places[::-1] if "search" in word else places
    return [("-r", "resume")] if _is_checkpoint(word) else []


def _is_checkpoint(word: str) -> bool:
    return word == "latest" or Path(word).suffix == ".npz" or os.path.isfile(Path(word) / "last.npz")
