"""Train a network: python train.py -c config.json"""

import runpy

from numpy_template import ROOT

if __name__ == "__main__":
    runpy.run_path(str(ROOT / "train.py"), run_name="__main__")
