"""Metadata of an ONNX file: its network's data, classes and origin."""

from __future__ import annotations

import json
from typing import Any

from base.preprocessing import ColumnCoding
from trainer.export.trained import Trained


def metadata_of(trained: Trained) -> dict[str, str]:
    """Texts by name; those of lists and objects are JSON."""
    known, loader = trained.known, trained.settings.data_loader
    found: dict[str, Any] = {
        "checkpoint": f"epoch {trained.checkpoint.meta['epoch']}, weights {trained.checkpoint.digest}",
        "inputs": "samples as the network was trained on them" if known is None else "samples as they are stored",
    }
    if known is None:
        return found
    if known.normalize is not None:
        found["preprocessing"] = f"{known.normalize}, by statistics of the training samples, is part of the graph"
    elif known.scale is not None:
        found["preprocessing"] = f"division by {known.scale:g} is part of the graph"
    else:
        found["inputs"] = "samples as the network was trained on them"
    if known.classes is not None:
        found["classes"] = json.dumps(known.classes)
    if known.columns is not None:
        found["columns"] = json.dumps([_column(column) for column in known.columns])
    if decoding := loader.decoding():
        found["decoding"] = decoding
    return found


def _column(column: ColumnCoding) -> dict[str, Any]:
    """The values that a column of a table may have, in words."""
    told: dict[str, Any] = {"name": column.name, "type": "number"}
    if column.categories is not None:
        told |= {"type": "text", "categories": column.categories, "coding": "one_hot" if column.one_hot else "ordinal"}
        told["gap"] = '"", an empty text'
    elif column.fill is not None:
        told["gap"] = "nan"
    return told
