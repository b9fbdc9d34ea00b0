"""Score a checkpoint on the test data: python test.py -r latest"""

import runpy
import sys

try:
    from numpy_template import ROOT
except ModuleNotFoundError:
    told = f"{sys.executable} does not find numpy-template; run this with the python of its installation"
    print(f"error: {told}", file=sys.stderr)
    sys.exit(2)

if __name__ == "__main__":
    runpy.run_path(str(ROOT / "test.py"), run_name="__main__")
