"""The components of this project; a config that imports my_project may name each of them."""

from my_project.callbacks import BestEpoch
from my_project.layers import Swish
from my_project.loaders import WineDataLoader
from my_project.metrics import true_class_probability

__all__ = ["BestEpoch", "Swish", "WineDataLoader", "true_class_probability"]
