"""What a user can get wrong beside the values of a config, which tests/utils/config/cases.py has; one row each.

Programs run in a folder with config.json, a run of two epochs in saved/models/tiny/run, and its data in data/.
"""

from tests.mistakes.careless import CARELESS
from tests.mistakes.checkpoints import CHECKPOINTS
from tests.mistakes.command_line import COMMAND_LINE
from tests.mistakes.config_files import CONFIG_FILES
from tests.mistakes.data import DATA
from tests.mistakes.images import IMAGES
from tests.mistakes.parts import PARTS
from tests.mistakes.predictions import PREDICTIONS
from tests.mistakes.searches import SEARCHES
from tests.mistakes.slips import SLIPS
from tests.mistakes.writing import WRITING

TABLES = (
    COMMAND_LINE, CONFIG_FILES, PARTS, DATA, IMAGES, CHECKPOINTS, WRITING, SEARCHES, PREDICTIONS, SLIPS, CARELESS
)  # fmt: skip
ROWS = [row for table in TABLES for row in table]
