"""A trained network in memory: what it computes, and what training goes on from."""

from __future__ import annotations

import multiprocessing
import threading
import time
from functools import cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from base.base_model import BaseModel
from base.dataset import Dataset, all_rows
from base.outputs import Meaning
from base.preprocessing import Preprocessing
from base.random_streams import RandomStreams
from base.types import Array, Shape
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.trained import build_trained
from trainer.estimators.settings import EstimatorSettings
from trainer.experiment import chosen_ops, give_ops
from trainer.parallel_model import SCORE_ROWS, ParallelModel
from utils.config.parser import ConfigParser
from utils.cores import cores

ALONE_SECONDS = 0.1  # of a prediction on one core: ten times what it takes to begin on all


class TrainedNetwork:
    """A network of a config with its weights, which can be pickled and used by several threads.

    `checkpoint` is the state that training can go on from; predictions are by its moving average where it has one.
    """

    def __init__(self, config: ConfigParser, input_shape: Shape, data: Preprocessing, checkpoint: Checkpoint) -> None:
        self.config = config
        self.input_shape = input_shape
        self.checkpoint = checkpoint
        self._data = data
        self._lock = threading.Lock()
        self._model: BaseModel | None = None

    @property
    def dtype(self) -> np.dtype:
        """The type that it computes in."""
        return np.dtype(self.config.resolved["trainer"]["dtype"])

    @property
    def meaning(self) -> Meaning:
        """The interpretation of its outputs, which the loss decides."""
        return self.config.build().loss.outputs

    def outputs(self, inputs: Array) -> Array:
        """Its outputs (N, ...) for inputs (N, ...)."""
        classes = self._data.classes
        unknown = np.zeros(len(inputs), np.int64 if classes else np.float64)
        data = self._data.apply([Dataset(inputs, unknown, all_rows(inputs), classes)], [])[0]
        with self._lock, np.errstate(all="ignore"), _libraries().limit(limits=1, user_api="blas"):
            self._model = model = self._model or self._made()
            outputs = np.empty((len(inputs), *model.output_shape), self.dtype)
            done, start = 0, time.perf_counter()
            while done < len(inputs) and time.perf_counter() - start < ALONE_SECONDS:
                rows = slice(done, done + SCORE_ROWS)
                outputs[rows] = model.forward(data.inputs_of(rows, self.dtype))
                done += SCORE_ROWS
            if done < len(inputs):
                outputs[done:] = self._in_parallel(model, data.subset(np.arange(done, len(inputs))))
        return outputs

    def _in_parallel(self, model: BaseModel, data: Dataset) -> Array:
        """The outputs for many samples, on all cores unless other workers are on these, or the config says fewer."""
        settings, shards = self.config.build(), 1 if is_a_worker() else cores()
        give_ops(settings, model.ops)
        streams, threads = RandomStreams(settings.seed), settings.trainer.threads
        model.train()  # of which replicas are made
        try:
            with ParallelModel(model, settings.loss, streams, shards, len(data), threads) as parallel:
                return parallel.predict(data).copy()
        finally:
            model.eval()

    def __getstate__(self) -> dict[str, Any]:
        """Without the layers, which are made anew when they are needed, and the functions that build them."""
        kept = {name: value for name, value in vars(self).items() if name not in ("config", "_lock", "_model")}
        return kept | {"resolved": self.config.resolved, "source": self.config.source}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.config = ConfigParser(state.pop("resolved"), state.pop("source"), EstimatorSettings)
        vars(self).update(state)
        self._lock = threading.Lock()
        self._model = None

    def _made(self) -> BaseModel:
        settings = self.config.build()
        ops = chosen_ops(self.config, settings)
        model = build_trained(self.config, settings, self.checkpoint, self.input_shape, ops)
        model.eval()
        return model


@cache
def _libraries() -> ThreadpoolController:
    """The libraries with threads of their own, on whose number results depend; looking for them takes long."""
    return ThreadpoolController()


def is_a_worker() -> bool:
    """True in a thread or process that others work beside, each of which had better keep to one core."""
    return threading.current_thread() is not threading.main_thread() or multiprocessing.parent_process() is not None
