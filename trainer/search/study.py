"""The study that all workers of a search share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from base.errors import UserError
from trainer.search.plan import SearchPlan
from trainer.search.storage import open_storage, reaching
from trainer.search.storage_url import shown_url
from utils.config.messages import join, shown
from utils.files import expect_own, make_folder

if TYPE_CHECKING:
    import optuna
    from optuna.storages import RDBStorage

DEFINITION = "definition"
MAY_CHANGE = {"trials", "minutes", "workers", "heartbeat"}
OF_THE_MACHINE = {"save_dir", "threads", "verbosity"}
_MOST_SHOWN = 10
_CREATION_SECONDS = 5.0


@contextmanager
def open_study(plan: SearchPlan, url: str | None) -> Iterator[optuna.Study]:
    """The study of that name in a storage (None: SQLite in the study's folder), begun where there is none.

    Raises UserError where it was begun with another config or search.json, or where the storage cannot be used.
    """
    file = plan.folder / "study.db"
    if url is None:
        make_folder(plan.folder)
        expect_own(file)
    where = f"--storage {shown_url(url)}" if url else str(file)
    url = url or f"sqlite:///{file}"
    with reaching(url, where):
        storage = open_storage(url, plan.settings.heartbeat)
        try:
            yield _study(plan, storage)
        finally:
            storage.remove_session()
            storage.engine.dispose()


def _study(plan: SearchPlan, storage: RDBStorage) -> optuna.Study:
    import optuna

    from trainer.search.each_setting import EachSetting

    pruner = plan.settings.pruner
    epochs = plan.trial_config["trainer"]["epochs"] * len(plan.seeds)
    options: dict[str, Any] = {
        "study_name": plan.settings.name,
        "storage": storage,
        "pruner": pruner.make(epochs) if pruner else optuna.pruners.NopPruner(),
    }
    try:
        study = optuna.create_study(direction="maximize" if plan.mode == "max" else "minimize", **options)
        study.set_user_attr(DEFINITION, definition(plan))
    except optuna.exceptions.DuplicatedStudyError:
        study = optuna.load_study(**options)
        _check_same_study(study, plan)
    study.sampler = EachSetting(study, plan)
    return study


def definition(plan: SearchPlan) -> dict[str, Any]:
    """All that results depend on."""
    config = plan.config.resolved
    trainer = {key: value for key, value in config["trainer"].items() if key not in OF_THE_MACHINE}
    search = {key: value for key, value in plan.plain.items() if key not in MAY_CHANGE}
    if plan.first is None:  # as studies were that were begun before there was such a key
        search.pop("first", None)
    return {"config": config | {"trainer": trainer}, "search": search}


def _check_same_study(study: optuna.Study, plan: SearchPlan) -> None:
    begun = _begun_with(study)
    if begun is None:  # whoever made it was killed before it could say
        study.set_user_attr(DEFINITION, definition(plan))
        return
    found = list(differences(begun, definition(plan), ""))
    if found:
        more = [f"... and {len(found) - _MOST_SHOWN} more"] if len(found) > _MOST_SHOWN else []
        raise UserError(
            "\n  ".join(
                [
                    f"the study {study.study_name!r} was begun with other settings, and results would not compare; put "
                    f"them back, give the search another name, or remove {plan.folder} (and what else holds the study)",
                    *found[:_MOST_SHOWN],
                    *more,
                ]
            )
        )


def _begun_with(study: optuna.Study) -> Any:
    until = time.monotonic() + _CREATION_SECONDS
    while DEFINITION not in study.user_attrs and time.monotonic() < until:
        time.sleep(0.1)
    return study.user_attrs.get(DEFINITION)


def differences(was: Any, now: Any, path: str) -> Iterator[str]:
    """The differences of two plain values, a line each.

    >>> list(differences({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, ""))
    ['a.b: was 1, is 3', 'a.c: was 2, is not there']
    """
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*was, *(key for key in now if key not in was)]:
            if key not in was or key not in now:
                before, after = (shown(side[key]) if key in side else None for side in (was, now))
                yield f"{join(path, key)}: was {before or 'not there'}, is {after or 'not there'}"
            else:
                yield from differences(was[key], now[key], join(path, key))
    elif was != now:
        yield f"{path}: was {shown(was)}, is {shown(now)}"
