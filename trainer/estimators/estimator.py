"""The base class of the estimators: a config whose sections are parameters."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from numbers import Integral
from typing import Any, Literal, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from base.dataset import Dataset, all_rows
from base.errors import StoppedError
from base.types import Array
from trainer.estimators.network import TrainedNetwork, is_a_worker
from trainer.estimators.sections import arguments_in, sized_arch, with_argument
from trainer.estimators.settings import EstimatorSettings
from trainer.estimators.training import Begin, train_in_memory
from utils.config.parser import ConfigParser
from utils.config.plain import plain

OPTIONAL = ("lr_scheduler", "regularizer", "augmentation", "metrics", "callbacks", "imports")
SECTIONS = ("arch", "loss", "optimizer", *OPTIONAL, "data_loader", "trainer")
OF_LOADER = ("shuffle", "class_balanced", "stratify", "split", "subset", "normalize")
OF_TRAINER = (
    "accumulate_steps", "ema", "grad_clip", "len_epoch", "monitor", "on_nonfinite", "ops", "shards", "threads",
)  # fmt: skip
WHOLE = 200  # samples of a batch at most, where its size is "auto"


class NetworkEstimator(BaseEstimator, ABC):  # type: ignore[misc]
    """A network that is trained on arrays in memory, as scikit-learn's estimators are; `fit` writes no file.

    Sections of a config are parameters, given as a config gives them: the name of a type, or a dict with "type" and
    "args". `set_params(optimizer__lr=0.1)`, and so a grid's parameters, reach into a section's arguments.
    """

    default_loss: str
    network_: TrainedNetwork
    history_: dict[str, list[float]]

    def __init__(
        self,
        arch: Any = "MLP",
        loss: Any = None,
        optimizer: Any = "Adam",
        *,
        lr_scheduler: Any = None,
        regularizer: Any = None,
        augmentation: Any = None,
        metrics: Any = None,
        callbacks: Any = None,
        imports: Any = None,
        data_loader: Mapping[str, Any] | None = None,
        trainer: Mapping[str, Any] | None = None,
        batch_size: int | Literal["auto"] = "auto",
        epochs: int = 200,
        validation_fraction: float = 0.1,
        early_stopping: bool = False,
        n_iter_no_change: int = 10,
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
        warm_start: bool = False,
        dtype: Literal["float32", "float64"] | None = None,
    ) -> None:
        self.arch = arch
        self.loss = loss
        self.optimizer = optimizer
        self.lr_scheduler = lr_scheduler
        self.regularizer = regularizer
        self.augmentation = augmentation
        self.metrics = metrics
        self.callbacks = callbacks
        self.imports = imports
        self.data_loader = data_loader
        self.trainer = trainer
        self.batch_size = batch_size
        self.epochs = epochs
        self.validation_fraction = validation_fraction
        self.early_stopping = early_stopping
        self.n_iter_no_change = n_iter_no_change
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.dtype = dtype

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name; with `deep` also the arguments that sections give, such as `optimizer__lr`."""
        params: dict[str, Any] = super().get_params(deep=False)
        nested = [arguments_in(params[section], section) for section in SECTIONS] if deep else []
        return params | {name: value for arguments in nested for name, value in arguments}

    def set_params(self, **params: Any) -> Self:
        """Set parameters; `optimizer__lr` sets the argument `lr` of the optimizer, whose own section is copied."""
        nested = {name: value for name, value in params.items() if name.partition("__")[0] in SECTIONS and "__" in name}
        super().set_params(**{name: value for name, value in params.items() if name not in nested})
        for name, value in nested.items():
            section, *path = name.split("__")
            held = getattr(self, section)
            if held is None:
                held = {"loss": self.default_loss, "data_loader": {}, "trainer": {}}.get(section)
            setattr(self, section, with_argument(held, path, value))
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags

    @abstractmethod
    def _targets(self, y: Array, dtype: np.dtype) -> tuple[Array, tuple[str, ...] | None]:
        """Targets as a data set has them, and the names of classes."""

    @abstractmethod
    def _output_count(self, data: Dataset) -> int:
        """The number of outputs that the network has where its section does not say."""

    def _checked(self, X: Any, y: Any, first: bool) -> tuple[Array, Array]:  # noqa: N803 (scikit-learn's name)
        """X and y to train on; X has to be as it was where this is not the `first`."""
        dtype = _dtypes(self.dtype) if first else self.network_.dtype
        inputs, targets = validate_data(
            self, X, y, dtype=dtype, order="C", allow_nd=True, multi_output=True, reset=first
        )
        return self._of_known_shape(inputs) if not first else inputs, targets

    def _outputs(self, X: Any) -> Array:  # noqa: N803 (scikit-learn's name)
        """The network's outputs for X."""
        check_is_fitted(self)
        inputs = validate_data(self, X, dtype=self.network_.dtype, order="C", allow_nd=True, reset=False)
        return self.network_.outputs(self._of_known_shape(inputs))

    def _of_known_shape(self, inputs: Array) -> Array:
        known = self.network_.input_shape
        if inputs.shape[1:] != known:
            raise ValueError(f"samples of X have shape {inputs.shape[1:]}, but {known} were trained on")
        return inputs

    def _train(self, inputs: Array, y: Array, sample_weight: Any, begin: Begin) -> Self:
        network: TrainedNetwork | None = None if begin == "anew" else getattr(self, "network_", None)
        targets, classes = self._targets(y, inputs.dtype)
        weights = _weights(sample_weight, inputs)
        rows = all_rows(inputs) if weights is None else np.flatnonzero(weights)
        if weights is not None and (weights[rows] == weights[rows[0]]).all():
            weights = None
        data = Dataset(inputs, targets, rows, classes, sample_weight=weights)
        try:
            config = ConfigParser(self._config(data, network, begin), type(self).__name__, EstimatorSettings)
            self.network_, records = train_in_memory(config, data, begin, network)
        except StoppedError as error:
            raise ValueError(str(error)) from error
        known = self.history_ if begin == "one more epoch" and network else {}
        self.history_ = {name: [*known.get(name, []), *(record[name] for record in records)] for name in records[0]}
        self.n_iter_ = len(self.history_["loss"])
        self.loss_ = self.history_["loss"][-1]
        return self

    def _config(self, data: Dataset, network: TrainedNetwork | None, begin: Begin) -> dict[str, Any]:
        """The config that the parameters are, for some data."""
        loader, trainer = (
            _allowed(self.data_loader, OF_LOADER, "data_loader"),
            _allowed(self.trainer, OF_TRAINER, "trainer"),
        )
        stops, one_more = self.early_stopping, begin == "one more epoch"
        if one_more and stops:
            raise ValueError("partial_fit does not support early_stopping=True")
        if stops and self.validation_fraction == 0:
            raise ValueError("early_stopping needs a validation_fraction above 0, got 0")
        seed = network.config.resolved["seed"] if network and one_more else _seed(self.random_state)
        return {
            "name": "estimator",
            "seed": seed,
            "arch": plain(sized_arch(self.arch, math.prod(data.input_shape), self._output_count(data))),
            "data_loader": {
                "batch_size": min(WHOLE, len(data)) if self.batch_size == "auto" else plain(self.batch_size),
                "validation_split": plain(self.validation_fraction) if stops else 0,
                "stratify": bool(stops and data.classes),
                **loader,
            },
            "trainer": {
                "epochs": plain(self.epochs),
                "dtype": data.inputs.dtype.name,
                "verbosity": min(int(self.verbose), 2) if isinstance(self.verbose, Integral) else plain(self.verbose),
                "monitor": "min val_loss" if stops else "off",
                "early_stop": plain(self.n_iter_no_change) if stops else None,
                "threads": 1 if is_a_worker() else None,
                **trainer,
            },
            "loss": plain(self._loss),
            **{name: plain(getattr(self, name)) for name in ("optimizer", *OPTIONAL)},
        }

    @property
    def _loss(self) -> Any:
        return self.default_loss if self.loss is None else self.loss


def _dtypes(wanted: Any) -> Any:
    """The types that X may have; the first is what others become. Raises ValueError."""
    if wanted is None:
        return [np.float64, np.float32]
    with suppress(TypeError):  # it is no type at all
        if np.dtype(wanted) in (np.float32, np.float64):
            return np.dtype(wanted)
    raise ValueError(f'dtype: expected "float32" or "float64" or None, got {wanted!r}')


def _weights(sample_weight: Any, inputs: Array) -> Array | None:
    if sample_weight is None:
        return None
    weights = np.asarray(_check_sample_weight(sample_weight, inputs, dtype=inputs.dtype, ensure_non_negative=True))
    if not weights.any():
        raise ValueError("sample_weight is zero for all samples; expected some that count")
    return weights


def _allowed(section: Any, names: Sequence[str], parameter: str) -> dict[str, Any]:
    """A section whose other keys have parameters of their own, or would write files."""
    if not isinstance(section, Mapping | None):
        raise ValueError(f"{parameter}: expected a dict with some of {', '.join(names)}, got {section!r}")
    unknown = [str(name) for name in section or {} if name not in names]
    if unknown:
        raise ValueError(f"{parameter}: has no {', '.join(unknown)} here; it takes {', '.join(names)}")
    return plain(section or {})


def _seed(random_state: Any) -> int:
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
