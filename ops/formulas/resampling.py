"""Images read between their pixels."""

import numpy as np

from base.types import Array


class Resampling:
    """Images (N, H, W, C) read at other places than their pixels: (N, 2, P), a row and a column in pixels each."""

    def bilinear(self, images: Array, places: Array, fill: float, out: Array) -> Array:
        """Bilinear interpolation, into out (N, ..., C) with P places; it may be `images` itself.

        With a and b above c and d the pixels around a place that is `down` and `right` of a, and p | q = p + right
        (q - p): (a | b) + down ((c | d) - (a | b)). Outside the image every pixel is `fill`.
        """
        count, height, width, channels = images.shape
        zero_padded = np.pad(images, [(0, 0), (1, 2), (1, 2), (0, 0)], constant_values=fill)
        last = np.array([[height + 1], [width + 1]], places.dtype)
        inside = np.clip(places + 1, 0, last)
        corner = inside.astype(np.intp)
        down, right = np.moveaxis(inside - corner.astype(places.dtype), 1, 0)
        line = width + 3
        cells = (np.arange(count)[:, None] * (height + 3) + corner[:, 0]) * line + corner[:, 1]
        pixels = out.reshape(count, places.shape[2], channels)
        for channel in range(channels):
            plane = zero_padded[..., channel].ravel()
            a, b, c, d = (plane.take(cells + apart) for apart in (0, 1, line, line + 1))
            upper, lower = a + right * (b - a), c + right * (d - c)
            pixels[..., channel] = upper + down * (lower - upper)
        return out

    def affine(self, places: Array, maps: Array, out: Array) -> Array:
        """out = A (row, column) + b, with A the first two columns of an image's map (2, 3), and b the last."""
        row, column = places[:, None, 0], places[:, None, 1]
        return np.add(maps[..., :1] * row + maps[..., 1:2] * column, maps[..., 2:], out=out)

    def smooth(self, planes: Array, down: Array, across: Array, out: Array) -> Array:
        """out = D x A for each plane x (H, W) of (N, H, W), with D (H, H) and A (W, W)."""
        return np.matmul(down, planes @ across, out=out)

    def shift(self, images: Array, moves: Array, fill: float) -> Array:
        """images[n, i, j] = images[n, i + moves[n, 0], j + moves[n, 1]], in place; `fill` from beyond the edge."""
        height, width = images.shape[1:3]
        edge = int(np.abs(moves).max(initial=0))
        zero_padded = np.pad(images, [(0, 0), (edge, edge), (edge, edge), (0, 0)], constant_values=fill)
        for image, before, (row, column) in zip(images, zero_padded, (moves + edge).tolist(), strict=True):
            image[...] = before[row : row + height, column : column + width]
        return images
