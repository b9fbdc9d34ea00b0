"""Elementary functions with the same bits on every machine, for float64 numbers and arrays of them.

The C library's, which `math` and NumPy call, differ between systems, processors and versions. These are made of
+ - * /, which IEEE 754 fixes to the last bit, and of integers. Within 2 units in the last place.

The formulas and coefficients of exp, log, sin and cos are those of Sun's fdlibm (1993).
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from math import pi
from typing import Any, overload

import numpy as np

from base.types import Array

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10  # the first has 32 bits
_EXP = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
_LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
_SIN = (
    8.33333333332248946124e-03,
    -1.98412698298579493134e-04,
    2.75573137070700676789e-06,
    -2.50507602534068634195e-08,
    1.58969099521155010221e-10,
)
_COS = (
    4.16666666666666019037e-02,
    -1.38888888888741095749e-03,
    2.48015872894767294178e-05,
    -2.75573143513906633035e-07,
    2.08757232129817482790e-09,
    -1.13596475577881948265e-11,
)
_ROUND = 1.5 * 2.0**52  # added and taken away again, it leaves a whole number
_SIXTH = -1.66666666666666324348e-01
_QUARTER = (1.57079632673412561417e00, 6.07710050630396597660e-11, 2.02226624879595063154e-21)  # pi/2; 33 bits each
_DECIMAL = Context(prec=40, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[])


@overload
def exp(x: float) -> float: ...
@overload
def exp(x: Array) -> Array: ...
def exp(x: float | Array) -> float | Array:
    """e^x: with x = k ln 2 + r and |r| < 0.35, e^r by a rational function, times 2^k."""
    with np.errstate(all="ignore"):
        bounded = np.clip(np.asarray(x, np.float64), -750, 750)
        k = bounded * (1 / 0.6931471805599453) + _ROUND - _ROUND
        high, low = bounded - k * _LN2_HIGH, k * _LN2_LOW
        r = high - low
        square = r * r
        c = r - square * polynomial(square, _EXP)
        part = 1 - ((low - r * c / (2 - c)) - high)
        whole = k.astype(np.int64)
        return _like(x, part * _two_to(whole >> 1) * _two_to(whole - (whole >> 1)))


@overload
def log(x: float) -> float: ...
@overload
def log(x: Array) -> Array: ...
def log(x: float | Array) -> float | Array:
    """The natural logarithm: with x = 2^k (1 + f) near 1, k ln 2 + log(1 + f); -inf at 0, nan below."""
    with np.errstate(all="ignore"):
        given = np.asarray(x, np.float64)
        small = given < 2.0**-1000
        bits = np.where(small, given * 2.0**60, given).view(np.int64)
        shifted = bits - 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2), so that 1 + f is from there to sqrt(2)
        k = (shifted >> 52) - 60 * small
        f = (bits - (shifted >> 52 << 52)).view(np.float64) - 1
        s, half_square = f / (2 + f), 0.5 * f * f
        z = s * s
        rest = half_square + z * polynomial(z, _LOG)
        found = k * _LN2_HIGH - ((half_square - (s * rest + k * _LN2_LOW)) - f)
        return _like(
            x, np.where(given == np.inf, np.inf, np.where(given > 0, found, np.where(given == 0, -np.inf, np.nan)))
        )


@overload
def sin(x: float) -> float: ...
@overload
def sin(x: Array) -> Array: ...
def sin(x: float | Array) -> float | Array:
    """The sine of an angle in radians, exact to 2 units in the last place up to 1e5."""
    quarters, sine, cosine = _turned(x)
    return _around(quarters, sine, cosine)


@overload
def cos(x: float) -> float: ...
@overload
def cos(x: Array) -> Array: ...
def cos(x: float | Array) -> float | Array:
    """The cosine of an angle in radians, exact to 2 units in the last place up to 1e5."""
    quarters, sine, cosine = _turned(x)
    return _around(quarters + 1, sine, cosine)


@overload
def tan(x: float) -> float: ...
@overload
def tan(x: Array) -> Array: ...
def tan(x: float | Array) -> float | Array:
    """The tangent of an angle in radians, sin / cos: exact to 4 units in the last place up to 1e5."""
    quarters, sine, cosine = _turned(x)
    return _around(quarters, sine, cosine) / _around(quarters + 1, sine, cosine)


@overload
def radians(degrees: float) -> float: ...
@overload
def radians(degrees: Array) -> Array: ...
def radians(degrees: float | Array) -> float | Array:
    """Angles in degrees as radians."""
    return degrees * (pi / 180)


def power(base: float, exponent: float) -> float:
    """base^exponent, of numbers: in 40 decimal digits, and rounded once.

    >>> power(0.5, 3), power(2.0, 0.5)
    (0.125, 1.4142135623730951)
    """
    return float(_DECIMAL.power(Decimal(base), Decimal(exponent))) if exponent else 1.0


def integer_power(base: float, exponent: int) -> float:
    """base^exponent by repeated squaring, for an exponent of at least 0.

    >>> integer_power(0.5, 10) == 1 / 1024
    True
    """
    power = 1.0
    while exponent:
        if exponent % 2:
            power *= base
        base *= base
        exponent //= 2
    return power


def polynomial(x: Any, coefficients: tuple[float, ...]) -> Any:
    """c0 + c1 x + c2 x^2 + ..., from the last coefficient on, in the type of x."""
    total = x * coefficients[-1]
    for coefficient in coefficients[-2:0:-1]:
        total += coefficient
        total *= x
    return total + coefficients[0]


def _turned(x: float | Array) -> tuple[Any, Any, Any]:
    """The nearest number of quarter turns in an angle, and sine and cosine of the rest of it.

    The rest is the sum of two numbers: near multiples of pi/2 one alone would have too few bits.
    """
    n = x * (2 / pi) + _ROUND - _ROUND
    first = x - n * _QUARTER[0]
    second = first - n * _QUARTER[1]
    low = n * _QUARTER[2] - ((first - second) - n * _QUARTER[1])
    r = second - low
    low = (second - r) - low
    square = r * r
    cube, half = square * r, 0.5 * square
    sine = r - ((square * (0.5 * low - cube * polynomial(square, _SIN)) - low) - cube * _SIXTH)
    rest = 1 - half
    cosine = rest + (((1 - rest) - half) + (square * (square * polynomial(square, _COS)) - r * low))
    return n.astype(np.int64) if isinstance(n, np.ndarray) else int(n), sine, cosine


def _around(quarters: Any, sine: Any, cosine: Any) -> Any:
    """The sine of an angle that is so many quarters of a turn and a rest, from those of the rest."""
    if isinstance(quarters, np.ndarray):
        return np.where(quarters & 1, cosine, sine) * np.where(quarters & 2, -1.0, 1.0)
    value = cosine if quarters & 1 else sine
    return -value if quarters & 2 else value


def _two_to(exponent: Array) -> Array:
    """2^exponent, for whole numbers from -1022 to 1023."""
    return ((exponent + 1023) << 52).view(np.float64)


def _like(x: float | Array, result: Array) -> float | Array:
    return result if isinstance(x, np.ndarray) else float(result)
