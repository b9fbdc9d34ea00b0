"""Which way of computing a convolution is the fastest."""

from model.convolution.axis import Axis
from model.convolution.correlation import Correlation
from model.convolution.gathered import Gathered
from model.convolution.planes import Planes
from model.convolution.winograd import Winograd


def choose_correlation(rows: Axis, columns: Axis, channels: int, outputs: int) -> Correlation:
    """The way that measured fastest for such shapes.

    Planes save the copying of single numbers, of which there must not be too many. Winograd's sums cost as much for one
    channel as for many, and what they save are products, which grow with the channels. Both need neighbours.
    """
    way: type[Correlation] = Gathered
    if (rows.stride, rows.dilation, columns.stride, columns.dilation) == (1, 1, 1, 1):
        if channels == 1 and rows.kernel * columns.kernel <= 25:
            way = Planes
        elif channels >= 8 and rows.kernel in (3, 5):
            way = Winograd
    return way(rows, columns, channels, outputs)
