"""Benchmarks measure what they say they do."""

import subprocess
import sys

import pytest

from tests.running import PROJECT
from utils.config.parser import ConfigParser


def test_every_benchmark_chooses_numpys_kernels_before_numpy_is_imported() -> None:
    code = (
        "import sys, utils.blas_kernels as kernels; "
        "kernels.prefer_wide_kernels = lambda: chosen.append('numpy' not in sys.modules); "
        "chosen = []; import benchmarks; sys.exit(chosen != [True])"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


def test_template_lenet_is_the_network_of_its_config() -> None:
    pytest.importorskip("torch")
    from benchmarks.networks import NETWORKS

    (network,) = [network for network in NETWORKS if "template_lenet" in network.name]
    settings = ConfigParser.from_file(str(PROJECT / "configs" / "template_lenet.json"), []).build()
    ours, wanted = network.ours(), settings.arch
    ours.connect((28, 28, 1))
    wanted.connect((28, 28, 1))
    assert ours.output_shapes() == wanted.output_shapes()
    assert network.optimizer().lr == settings.optimizer.lr
    assert network.batch == settings.data_loader.batch_size
    theirs = [type(layer).__name__.lower().removeprefix("lazy") for layer in network.theirs().children()]
    assert theirs == [name.rstrip("0123456789") for name in wanted.output_shapes()]
