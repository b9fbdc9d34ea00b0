"""Train a few small runs and keep their pictures for docs/gallery.md: python -m utils.gallery"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from utils.entry import run_program

PICTURES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # a config: changes to it, and what is kept
    "config.json": (("trainer.epochs=5",), ("curves", "steps", "dynamics", "confusion", "mistakes", "weights")),
    "configs/digits.json": ((), ("kernels", "feature_maps")),
    "configs/two_dimensional_spirals.json": ((), ("boundary",)),
}
_COLORS = 128  # enough for these pictures, which are a third as large then


def draw_gallery(pictures: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], folder: Path) -> list[Path]:
    """Train each config and write the pictures asked for into the folder; returns their paths."""
    from PIL import Image  # only now: a line of usage should not wait for these

    from logger.files import make_folder
    from trainer.resume import plan
    from trainer.start import train

    written = []
    make_folder(folder)
    for config, (changes, names) in pictures.items():
        with TemporaryDirectory() as saved:
            chosen = f"trainer.pictures={json.dumps(names)}"
            train(plan(config, None, [*changes, chosen, f"trainer.save_dir={saved}"]), "gallery", tsne=False)
            for name in names:
                (picture,) = Path(saved).glob(f"log/*/gallery/{name}.png")
                written.append(folder / picture.name)
                with Image.open(picture) as image:
                    image.convert("RGB").quantize(_COLORS).save(written[-1], optimize=True)
    return written


def main() -> None:
    """Draw all into docs/images/gallery."""
    written = draw_gallery(PICTURES, Path("docs/images/gallery"))
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} pictures in {written[0].parent}, {size / 2**20:.1f} MiB")


if __name__ == "__main__":
    run_program(main)
