"""Score a checkpoint on the test data: python test.py -r latest"""

import runpy

from numpy_template import ROOT

if __name__ == "__main__":
    runpy.run_path(str(ROOT / "test.py"), run_name="__main__")
