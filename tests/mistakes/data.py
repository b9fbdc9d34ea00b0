"""Data that are missing, damaged or of another form."""

import shutil

from tests.mistakes.making import CONFIG, IMAGES, LABELS, LAST, TEST_IMAGES, Wrong, edited, setting, text

DATA = [
    Wrong("no folder of data", None, setting("data_loader.args.data_dir=no"), "there is no folder no"),
    Wrong("a path that is too long", None, setting(f"data_loader.args.data_dir={'a' * 5000}"), "File name too long"),
    Wrong("a missing file", IMAGES.unlink, CONFIG, "has neither train-images-idx3-ubyte.gz nor"),
    Wrong(
        "a file for a folder", None, setting("data_loader.args.data_dir=config.json"), "there is no folder config.json"
    ),
    Wrong(
        "images that are cut short",
        edited(IMAGES, lambda content: content[:-5]),
        CONFIG,
        "promises 235200 bytes (300, 28, 28)",
    ),
    Wrong(
        "images that go on",
        edited(IMAGES, lambda content: content + b"more"),
        CONFIG,
        "promises 235200 bytes (300, 28, 28)",
    ),
    Wrong("another kind of file", edited(IMAGES, lambda content: b"PK" + content[2:]), CONFIG, "is not an IDX file"),
    Wrong(
        "labels for images", lambda: shutil.copy(LABELS, IMAGES), CONFIG, "is not an IDX file of unsigned bytes with 3"
    ),
    Wrong(
        "fewer labels than images",
        lambda: shutil.copy("data/t10k-labels-idx1-ubyte.gz", LABELS),
        CONFIG,
        "300 images but 60 labels",
    ),
    Wrong("no gzip in .gz", text(str(IMAGES), b"plain"), CONFIG, "it is damaged or cut short"),
    Wrong("an empty file", text(str(LABELS), b""), CONFIG, "is not an IDX file of unsigned bytes with 1"),
    Wrong(
        "a label beyond the classes",
        edited(LABELS, lambda content: content[:-1] + b"\xc8"),
        CONFIG,
        "has labels from 0 to 200; for these 10 classes",
    ),
    Wrong(
        "a wrong checksum",
        text("data/SHA256SUMS", f"{'0' * 64}  {IMAGES.stem}\n"),
        CONFIG,
        "but data/SHA256SUMS says 000",
    ),
    Wrong("no test images", TEST_IMAGES.unlink, ("test.py", "-r", str(LAST)), "has neither t10k-images-idx3"),
]
