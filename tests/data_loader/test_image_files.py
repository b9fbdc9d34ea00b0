"""Images of every kind as bytes."""

import io
import struct
import zlib
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from base.types import Array
from data_loader.image_files import ImageReader, ResizeMode, formats

PIXELS = np.random.Generator(np.random.Philox(key=2)).integers(0, 256, (4, 6, 3)).astype(np.uint8)
BACKGROUND = (10, 20, 30)


def reader(
    channels: Literal[1, 3] = 3,
    resize: tuple[int, int] | None = None,
    mode: ResizeMode = "stretch",
    background: tuple[int, int, int] = BACKGROUND,
    max_pixels: int = 10_000,
) -> ImageReader:
    return ImageReader(channels, resize, mode, background, max_pixels)


def read(content: bytes, ending: str, by: ImageReader | None = None) -> tuple[Array, bool]:
    return (by or reader()).read(io.BytesIO(content), ending)


def saved(image: Image.Image, ending: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, Image.registered_extensions()[ending], **options)
    return content.getvalue()


def png(bits: int, colour: int, row: bytes, width: int, palette: bytes = b"", transparent: bytes = b"") -> bytes:
    """A PNG of one row, of kinds that Pillow does not write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, bits, colour, 0, 0, 0))
    between = (chunk(b"PLTE", palette) if palette else b"") + (chunk(b"tRNS", transparent) if transparent else b"")
    return b"\x89PNG\r\n\x1a\n" + header + between + chunk(b"IDAT", zlib.compress(b"\0" + row)) + chunk(b"IEND", b"")


def tiff(bits: int, photometric: int, row: bytes, width: int) -> bytes:
    """A TIFF of one row of grey, of kinds that Pillow does not write."""
    tags = {256: width, 257: 1, 258: bits, 259: 1, 262: photometric, 273: 8, 277: 1, 278: 1, 279: len(row)}
    row += b"\0" * (len(row) % 2)
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return struct.pack("<2sHI", b"II", 42, 8 + len(row)) + row + struct.pack("<H", len(tags)) + entries + b"\0" * 4


GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
EACH_PNG = [
    ("2 bits", png(2, GREY, bytes([0b00011011]), 4, transparent=b"\0\1"), [[0] * 3, None, [170] * 3, [255] * 3]),
    ("4 bits", png(4, GREY, b"\x5a", 2, transparent=b"\0\5"), [None, [170] * 3]),
    ("1 bit", png(1, GREY, b"\x80", 2, transparent=b"\0\1"), [None, [0] * 3]),
    ("8 bits", png(8, GREY, b"\7\xc8", 2, transparent=b"\0\7"), [None, [200] * 3]),
    ("16 bits", png(16, GREY, struct.pack(">3H", 1000, 1001, 65535), 3, b"", b"\x03\xe8"), [None, [4] * 3, [255] * 3]),
    ("a colour", png(8, RGB, bytes([1, 2, 3, 4, 5, 6]), 2, transparent=b"\0\1\0\2\0\3"), [None, [4, 5, 6]]),
    ("a colour of 16 bits", png(16, RGB, b"\x12\x34" * 3 + bytes(6), 2, transparent=b"\x12\x34" * 3), [None, [0] * 3]),
    ("16 bits a channel", png(16, RGB, struct.pack(">3H", 0x1280, 0x3480, 0xFFFF), 1), [[0x12, 0x34, 255]]),
    ("a palette", png(8, PALETTE, b"\0\1\2", 3, bytes(range(9)), b"\0\x80"), [None, [6, 12, 17], [6, 7, 8]]),
    ("a palette of 2 bits", png(2, PALETTE, b"\x18", 3, bytes(range(9)), b"\xff\0"), [[0, 1, 2], None, [6, 7, 8]]),
    ("grey with alpha", png(8, GREY_ALPHA, bytes([100, 0, 200, 255]), 2), [None, [200] * 3]),
    ("grey with alpha, 16 bits", png(16, GREY_ALPHA, struct.pack(">4H", 25700, 0, 51400, 65535), 2), [None, [200] * 3]),
    ("RGBA", png(8, RGB_ALPHA, bytes([1, 2, 3, 0, 100, 0, 200, 128]), 2), [None, [55, 10, 115]]),
    ("RGBA of 16 bits", png(16, RGB_ALPHA, struct.pack(">4H", 25700, 0, 51400, 65535), 1), [[100, 0, 200]]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in EACH_PNG], ids=[row[0] for row in EACH_PNG])
def test_every_png_is_laid_on_the_background(content: bytes, expected: list[list[int] | None]) -> None:
    pixels, transparent = read(content, ".png")
    assert pixels.tolist() == [[list(BACKGROUND) if pixel is None else pixel for pixel in expected]]
    assert transparent == any(pixel in (None, [55, 10, 115]) for pixel in expected)


def test_alpha_that_hides_nothing_is_no_transparency() -> None:
    image = Image.fromarray(PIXELS)
    image.putalpha(255)
    pixels, transparent = read(saved(image, ".png"), ".png")
    assert np.array_equal(pixels, PIXELS)
    assert not transparent


def test_a_coloured_background_is_made_grey_with_the_image() -> None:
    content = png(8, GREY_ALPHA, bytes([100, 0, 200, 255]), 2)
    grey = Image.new("RGB", (1, 1), BACKGROUND).convert("L").getpixel((0, 0))
    assert read(content, ".png", reader(channels=1))[0].ravel().tolist() == [grey, 200]


@pytest.mark.parametrize("ending", [".webp", ".tif", ".tga", ".ico", ".dds", ".qoi", ".jp2"])
def test_transparency_of_other_formats(ending: str) -> None:
    image = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    options = {"lossless": True} if ending == ".webp" else {}
    pixels, transparent = read(saved(image, ending, **options), ending)
    assert transparent
    assert (pixels == BACKGROUND).all()


def test_a_transparent_gif_and_the_first_of_its_frames() -> None:
    first, second = Image.new("P", (2, 1)), Image.new("P", (2, 1), 2)
    for frame in (first, second):
        frame.putpalette(bytes([0, 0, 0, 50, 60, 70, 255, 255, 255]))
    first.putpixel((1, 0), 1)
    content = saved(first, ".gif", save_all=True, append_images=[second], transparency=0)
    assert read(content, ".gif")[0].tolist() == [[list(BACKGROUND), [50, 60, 70]]]


TURNED = {
    1: PIXELS, 2: PIXELS[:, ::-1], 3: PIXELS[::-1, ::-1], 4: PIXELS[::-1], 5: PIXELS.swapaxes(0, 1),
    6: PIXELS[::-1].swapaxes(0, 1), 7: PIXELS[::-1, ::-1].swapaxes(0, 1), 8: PIXELS[:, ::-1].swapaxes(0, 1),
}  # fmt: skip


@pytest.mark.parametrize("tag", TURNED)
@pytest.mark.parametrize("ending", [".png", ".tif", ".webp"])
def test_every_orientation_is_followed_in_every_format_that_has_one(ending: str, tag: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = tag
    options = {"lossless": True} if ending == ".webp" else {}
    content = saved(Image.fromarray(PIXELS), ending, exif=exif, **options)
    assert np.array_equal(read(content, ending)[0], TURNED[tag])


@pytest.mark.parametrize("tag", TURNED)
@pytest.mark.parametrize("ending", [".jpg", ".avif"])
def test_every_orientation_is_followed_where_pixels_are_approximate(ending: str, tag: int) -> None:
    if ending not in formats():
        pytest.skip("Pillow was built without it")
    exif = Image.Exif()
    exif[0x0112] = tag
    large = np.kron(PIXELS, np.ones((16, 16, 1), np.uint8))
    content = saved(Image.fromarray(large), ending, exif=exif, quality=100)
    pixels, _ = read(content, ending)
    assert np.abs(pixels[8::16, 8::16].astype(int) - TURNED[tag]).max() < 40


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0"])
def test_damaged_exif_data_turn_nothing(exif: bytes) -> None:
    content = saved(Image.fromarray(PIXELS), ".jpg", exif=exif)
    assert read(content, ".jpg")[0].shape == PIXELS.shape


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr"])
def test_modes_are_read_as_pillow_converts_them(mode: str, channels: Literal[1, 3]) -> None:
    image = Image.fromarray(PIXELS).convert(mode)
    expected = np.asarray(image.convert("RGB" if channels == 3 else "L")).reshape(4, 6, channels)
    assert np.array_equal(read(saved(image, ".tif"), ".tif", reader(channels))[0], expected)


def test_a_cmyk_jpeg_of_no_ink_is_white() -> None:
    assert read(saved(Image.new("CMYK", (8, 8), 0), ".jpg"), ".jpg")[0].min() == 255


@pytest.mark.parametrize(
    ("content", "shades"),
    [
        (tiff(16, 1, struct.pack("<3H", 0, 25700, 65535), 3), [0, 100, 255]),
        (tiff(16, 0, struct.pack("<3H", 0, 25700, 65535), 3), [255, 155, 0]),
        (tiff(12, 1, bytes([0x00, 0x0F, 0xFF, 0x80, 0x00]), 3), [0, 255, 128]),
        (tiff(8, 0, bytes([0, 100, 255]), 3), [255, 155, 0]),
        (saved(Image.fromarray(np.array([[0, 25700, 65535]], np.uint16)), ".jp2"), [0, 100, 255]),
    ],
    ids=["16 bits", "white is zero", "12 bits", "8 bits, white is zero", "JPEG 2000"],
)
def test_shades_of_grey_go_from_black_to_white_whatever_their_bits(content: bytes, shades: list[int]) -> None:
    assert read(content, ".tif", reader(1))[0].ravel().tolist() == shades


FITS = b"".join(
    line.ljust(80) for line in (b"SIMPLE  = T", b"BITPIX  = 16", b"NAXIS   = 2", b"NAXIS1  = 2", b"NAXIS2  = 1", b"END")
).ljust(2880) + bytes(2880)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (saved(Image.fromarray(np.ones((2, 2), np.int32)), ".tif"), "its pixels have 32 bits"),
        (saved(Image.fromarray(np.ones((2, 2), np.float32)), ".tif"), "its pixels have 32 bits"),
        (saved(Image.new("LAB", (2, 2)), ".tif"), r"its colours are L\*a\*b\*; save it as RGB"),
        (FITS, "its pixels have 16 bits, of which FITS does not say what is white"),
        (b"", "it is no image"),
        (b"\x89PNG\r\n\x1a\n", "."),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n", "it is no image"),
        (saved(Image.new("L", (101, 100)), ".png"), "it is 101 x 100 pixels, more than the 10,000 of max_pixels"),
        (saved(Image.new("L", (300, 300)), ".bmp"), "it is 300 x 300 pixels, more than the 10,000 of max_pixels"),
    ],
    ids=["integers", "floats", "LAB", "FITS", "empty", "a signature", "PostScript", "large", "very large"],
)
def test_what_has_no_certain_meaning_is_refused_in_words(content: bytes, words: str) -> None:
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(ValueError, match=words):
        read(content, ".fits" if content is FITS else ".png")
    assert before == Image.MAX_IMAGE_PIXELS


def test_images_beyond_pillows_own_limit_are_read_where_max_pixels_allows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert read(saved(Image.fromarray(PIXELS), ".png"), ".png")[0].shape == PIXELS.shape


def test_a_wrong_ending_does_not_matter_but_formats_without_a_signature_need_theirs() -> None:
    assert np.array_equal(read(saved(Image.fromarray(PIXELS), ".png"), ".JPG")[0], PIXELS)
    content = saved(Image.fromarray(PIXELS), ".tga")
    assert np.array_equal(read(content, ".tga")[0], PIXELS)
    with pytest.raises(ValueError, match="it is no image"):
        read(content, ".png")


def test_endings_are_those_that_pillow_reads_as_images() -> None:
    assert {".png", ".jpg", ".jfif", ".jp2", ".tga", ".mpo", ".ppm", ".ico", ".webp", ".apng"} <= formats().keys()
    assert formats().keys().isdisjoint({".eps", ".ps", ".pdf", ".wmf", ".emf", ".mpg", ".h5", ".grib", ".bufr"})


def spread(image: Array) -> tuple[int, int]:
    """How many rows and columns of an image are white somewhere."""
    white = image[..., 0] > 200
    return int(white.any(axis=1).sum()), int(white.any(axis=0).sum())


@pytest.mark.parametrize(
    ("mode", "size", "white"),
    [("stretch", (8, 8), (8, 8)), ("crop", (8, 8), (8, 8)), ("pad", (8, 8), (4, 8)), ("pad", (8, 4), (2, 4))],
)
def test_resizing_stretches_crops_or_pads(mode: ResizeMode, size: tuple[int, int], white: tuple[int, int]) -> None:
    content = saved(Image.new("RGB", (40, 20), "white"), ".png")
    pixels, _ = read(content, ".png", reader(resize=size, mode=mode))
    assert (pixels.shape, spread(pixels)) == ((*size, 3), white)
    if mode == "pad":
        assert pixels[0, 0].tolist() == pixels[-1, -1].tolist() == list(BACKGROUND)


def test_cropping_keeps_the_middle_in_proportion() -> None:
    wide = np.zeros((10, 30, 3), np.uint8)
    wide[:, 10:20] = 255
    pixels, _ = read(saved(Image.fromarray(wide), ".png"), ".png", reader(resize=(10, 10), mode="crop"))
    assert (pixels == 255).all()


@pytest.mark.parametrize("mode", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("size", [(1, 900), (900, 1)])
def test_the_thinnest_image_is_resized(mode: ResizeMode, size: tuple[int, int]) -> None:
    content = saved(Image.new("L", size, 255), ".png")
    assert read(content, ".png", reader(1, (5, 4), mode))[0].shape == (5, 4, 1)
