"""exp, log, tanh and their like for kernels, of one float32 or float64: the same bits on every processor.

They are made of + - * / and fused multiply-adds, choices and shifts of bits, without branches, so LLVM makes vectors of
a loop over them. Coefficients are fitted over the interval that stands beside them (by Chebyshev interpolation in 60
digits, some of float32 by least squares), highest power first. An error is in units in the last place (ulp)
of the exact result.
"""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from ops.compiled.vector import fma

_TYPES = {types.float32: np.float32, types.float64: np.float64}
_FRACTION_BITS = {32: 23, 64: 52}
_LOG_2_E = math.log2(math.e)
_LN_2 = {types.float32: (0.693145752, 1.42860677e-6), types.float64: (0.6931471803691238, 1.9082149292705877e-10)}
_NEAREST = {types.float32: 1.5 * 2**23, types.float64: 1.5 * 2**52}  # added and taken off again, it rounds

_EXP_RANGE = {types.float32: (-104, 89), types.float64: (-746, 710)}  # beyond, e^x is 0 or inf
# (e^x - 1 - x) / x^2 for |x| <= ln(2) / 2
_EXP = {
    types.float32: (0.00019891269, 0.00139339, 0.00833331048, 0.041666463, 0.166666672, 0.5),
    types.float64: (
        2.0914898727175524e-09, 2.5105513541847086e-08, 2.7557273132896042e-07, 2.7557254685728803e-06,
        2.480158732595111e-05, 0.0001984126987538548, 0.0013888888888883633, 0.0083333333333259728,
        0.041666666666666671, 0.16666666666666671, 0.5,
    ),
}  # fmt: skip
# (2 atanh(s) - 2 s) / s^3 by s^2, for s = f / (2 + f) with 1 + f from sqrt(1/2) to sqrt(2)
_LOG = {
    types.float32: (0.233500719, 0.285500944, 0.400001287, 0.666666687),
    types.float64: (
        0.13110709935830622, 0.1326645055248685, 0.15386327170708466, 0.18181794018221112, 0.22222222407022998,
        0.28571428570735502, 0.4000000000000099, 0.66666666666666663,
    ),
}  # fmt: skip
_TANH_CENTRE = 0.9
_TANH_LIMIT = {types.float32: 10, types.float64: 22}  # beyond, tanh is 1
# (tanh(x) - x) / x^3 by x^2, for |x| up to 1
_TANH = {
    types.float32: (
        0.00022498703, -0.00117089669, 0.00350249768, -0.00887603313, 0.0218862481, -0.0539724901, 0.133333728,
        -0.333333343,
    ),
    types.float64: (
        2.5155023659382105e-08, -2.6330772232959337e-07, 1.3791814499083342e-06, -4.9877603175203466e-06,
        1.4606131676715378e-05, -3.8389607893147334e-05, 9.6462777433131813e-05, -0.00023895705228738225,
        0.0005899792946300052, -0.0014558246920964941, 0.0035921266793663411, -0.0088632354045782829,
        0.021869488529129091, -0.053968253968046373, 0.13333333333333089, -0.33333333333333331,
    ),
}  # fmt: skip
_NORMAL_CENTRE = {types.float32: 0.65, types.float64: 1.0}
_NORMAL_LIMIT = {types.float32: 15, types.float64: 39}  # beyond, P(Z <= -x) is 0
# (P(Z <= x) - 1/2) / x by x^2, for |x| up to _NORMAL_CENTRE
_CENTRE = {
    types.float32: (0.000104277977, -0.0011825359, 0.0099727083, -0.0664903298, 0.398942292),
    types.float64: (
        4.0743269774266276e-12, -1.1064328282755891e-10, 2.2704137585675999e-09, -4.1224107514160815e-08,
        6.6596798796552309e-07, -9.444655793103845e-06, 0.00011543468751655941, -0.0011873282154680343,
        0.0099735570100350224, -0.066490380066905427, 0.3989422804014327,
    ),
}  # fmt: skip
# P(Z <= -x) e^(x^2 / 2) (x + 2) by w - _TAIL_MIDDLE with w = 1 / (x + 2), for x from there to _NORMAL_LIMIT
_TAIL_MIDDLE = 0.236328125  # the value there is nearly one of float32
_TAIL = {
    types.float32: (
        -323.155701, -6.82808828, 64.6236725, -19.4095306, -6.5492754, 7.48365498, -0.611532032, -2.33012486,
        0.556827486, 1.31170356, 0.654376447,
    ),
    types.float64: (
        -244063809.94416741, -336543382.29148185, -156359898.79438055, -21776571.034849748, 2457185.4632140454,
        798950.75019731384, 189354.66242287986, -24583.300549975098, -16135.207520190026, 8731.1979864646855,
        -2008.1220590428532, -541.28188716022532, 650.21514073355718, -211.24424460621316, -31.7198726217458,
        59.627470743526302, -19.114170679220543, -6.4663756542063, 7.4834088413852742, -0.61208150189011279,
        -2.3301375936541446, 0.55682860522583133, 1.311703605361189, 0.65437644730370803,
    ),
}  # fmt: skip


def _written_out(name: Any) -> Any:
    """Inline a function by its name: a call would keep LLVM from vectorising."""
    return overload(name, jit_options={"forceinline": True})


def exp(x: Any) -> Any:
    """e^x; 1 ulp."""


def log(x: Any) -> Any:
    """The natural logarithm, -inf for 0 and nan below; 1 ulp."""


def log1p(x: Any) -> Any:
    """log(1 + x), also for small x; 1 ulp."""


def softplus(x: Any) -> Any:
    """log(1 + e^x) = max(x, 0) + log1p(e^-|x|); 2 ulp."""


def tanh(x: Any) -> Any:
    """The hyperbolic tangent; 1 ulp."""


def sigmoid(x: Any) -> Any:
    """1 / (1 + e^-x); 2 ulp."""


def normal(x: Any) -> Any:
    """P(Z <= x) for a standard normal Z, 2 ulp, and e^(-x^2 / 2)."""


def _typed(x: Any, *values: float) -> list[Any]:
    """Values in the type of x: a plain number in a kernel would be of float64 or int64, and make the result so."""
    return [_TYPES[x](value) for value in values]


@intrinsic
def polynomial(_, x, coefficients):
    """The polynomial of x with these coefficients, highest power first, by Horner's rule in fused multiply-adds."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
        kind, name = context.get_value_type(x), f"llvm.fma.f{x.bitwidth}"
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(kind, [kind] * 3), name)
        numbers = [context.cast(builder, builder.extract_value(args[1], i), types.float64, x) for i in range(count)]
        total = numbers[0]
        for number in numbers[1:]:
            total = builder.call(function, [total, args[0], number])
        return total

    count = len(coefficients)
    return x(x, coefficients), generate


@intrinsic
def power_of_two(_, k):
    """2^k for a whole k that is the exponent of a normal number."""
    bits = _FRACTION_BITS[k.bitwidth]

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
        whole, kind = ir.IntType(k.bitwidth), context.get_value_type(k)
        bias = 2 ** (k.bitwidth - bits - 2) - 1
        biased = builder.fadd(args[0], ir.Constant(kind, float(1.5 * 2**bits + bias)))
        return builder.bitcast(builder.shl(builder.bitcast(biased, whole), ir.Constant(whole, bits)), kind)

    return k(k), generate


@intrinsic
def split(_, x):
    """(k, m) with x = 2^k m and m from sqrt(1/2) to sqrt(2), for a positive normal x."""
    bits = _FRACTION_BITS[x.bitwidth]

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
        whole, kind = ir.IntType(x.bitwidth), context.get_value_type(x)
        bias = 2 ** (x.bitwidth - bits - 2) - 1
        least = int(np.array(math.sqrt(0.5), _TYPES[x]).view(f"int{x.bitwidth}"))
        given = builder.bitcast(args[0], whole)
        shift = ir.Constant(whole, bits)
        moved = builder.add(given, ir.Constant(whole, (bias << bits) - least))
        exponent = builder.lshr(moved, shift)
        large = builder.bitcast(builder.or_(exponent, ir.Constant(whole, (bias + bits) << bits)), kind)
        k = builder.fsub(large, ir.Constant(kind, float(2**bits + bias)))
        scale = builder.shl(builder.sub(exponent, ir.Constant(whole, bias)), shift)
        return context.make_tuple(builder, signature.return_type, [k, builder.bitcast(builder.sub(given, scale), kind)])

    return types.UniTuple(x, 2)(x), generate


def _reduced(x: Any, rest: Any) -> Any:
    """(n, y) with e^(x + rest) = 2^n (1 + y) and |y| < 0.42, for a rest that is far less than x."""


@_written_out(_reduced)
def _(x, rest):
    log_2_e, nearest, high, low = _typed(x, _LOG_2_E, _NEAREST[x], *_LN_2[x])
    coefficients = _EXP[x]

    def compute(x, rest):
        n = fma(x, log_2_e, nearest) - nearest
        r = fma(-n, high, x) + fma(-n, low, rest)
        return n, fma(r * r, polynomial(r, coefficients), r)

    return compute


def _scaled(x: Any, n: Any) -> Any:
    """2^n x, in two steps, so that the result may be denormal or infinite."""


@_written_out(_scaled)
def _(x, n):
    half, nearest = _typed(x, 0.5, _NEAREST[x])

    def compute(x, n):
        first = fma(n, half, nearest) - nearest
        return x * power_of_two(first) * power_of_two(n - first)

    return compute


@_written_out(exp)
def _(x):
    lowest, highest, zero, one = _typed(x, *_EXP_RANGE[x], 0, 1)

    def compute(x):
        bounded = lowest if x < lowest else x
        bounded = highest if x > highest else bounded
        n, y = _reduced(bounded, zero)
        return _scaled(one + y, n)

    return compute


def _log_of(k: Any, f: Any, rest: Any) -> Any:
    """log(2^k (1 + f)) + rest, 1 + f from sqrt(1/2) to sqrt(2): log(1 + f) is 2 atanh(s) with s = f / (2 + f)."""


@_written_out(_log_of)
def _(k, f, rest):
    half, two, high, low = _typed(f, 0.5, 2, *_LN_2[f])
    coefficients = _LOG[f]

    def compute(k, f, rest):
        s, h = f / (two + f), half * f * f
        z = s * s
        return fma(k, high, f - (h - fma(s, fma(z, polynomial(z, coefficients), h), fma(k, low, rest))))

    return compute


@_written_out(log)
def _(x):
    bits = _FRACTION_BITS[x.bitwidth]
    smallest = np.finfo(_TYPES[x]).tiny
    zero, one, inf, nan, lift, lifted = _typed(x, 0, 1, math.inf, math.nan, 2**bits, bits)

    def compute(x):
        denormal = x < smallest
        k, m = split(x * lift if denormal else x)
        y = _log_of(k - (lifted if denormal else zero), m - one, zero)
        y = y if x < inf else x
        return y if x > zero else (-inf if x == zero else nan)

    return compute


@_written_out(log1p)
def _(x):
    zero, one, inf, nan, large = _typed(x, 0, 1, math.inf, math.nan, 2 ** (_FRACTION_BITS[x.bitwidth] + 2))

    def compute(x):
        is_large = x > large
        k, m = split(x if is_large else one + x)
        scale = power_of_two(-(zero if is_large else k))
        f = fma(x, scale, scale - one)
        lost = zero if is_large else fma(x, scale, (scale - one) - f)
        f = m - one if is_large else f
        y = _log_of(k, f, fma(-f, lost, lost))
        y = y if x < inf else x
        y = x if x == zero else y
        return y if x > -one else (-inf if x == -one else nan)

    return compute


@_written_out(softplus)
def _(x):
    (zero,) = _typed(x, 0)

    def compute(x):
        return (zero if x < zero else x) + log1p(exp(-abs(x)))

    return compute


@_written_out(tanh)
def _(x):
    zero, one, two, centre, limit = _typed(x, 0, 1, 2, _TANH_CENTRE, _TANH_LIMIT[x])
    coefficients = _TANH[x]

    def compute(x):
        size, square = abs(x), x * x
        small = fma(x * square, polynomial(square, coefficients), x)
        bounded = limit if size > limit else size
        n, y = _reduced(bounded + bounded, zero)
        p = power_of_two(n)
        large = one - two / fma(p, y, p + one)
        return math.copysign(small if size < centre else large, x)

    return compute


@_written_out(sigmoid)
def _(x):
    zero, one = _typed(x, 0, 1)

    def compute(x):
        e = exp(-abs(x))
        above, below = one if x > zero else e, one + e
        inverse = one / below
        quotient = above * inverse
        remainder = fma(-quotient, e - (below - one), fma(-quotient, below, above))
        return fma(remainder, inverse, quotient)

    return compute


@_written_out(normal)
def _(x):
    zero, half, one, two, centre, limit, middle = _typed(
        x, 0, 0.5, 1, 2, _NORMAL_CENTRE[x], _NORMAL_LIMIT[x], _TAIL_MIDDLE
    )
    inner, outer, (first,) = _CENTRE[x], _TAIL[x][:-1], _typed(x, _TAIL[x][-1])

    def compute(x):
        size = abs(x)
        size = limit if size > limit else size
        square = size * size
        n, y = _reduced(-half * square, -half * fma(size, size, -square))
        moved = size + two
        w = one / moved
        lost = fma(-w, size - (moved - two), fma(-w, moved, one))
        lost = fma(lost, w, lost)
        t = w - middle
        others = polynomial(t, outer)
        total = fma(t, others, first)
        ratio = w * total
        rest = fma(w, total, -ratio) + fma(w, fma(t, others, first - total), ratio * lost)
        tail = _scaled(ratio + fma(ratio, y, fma(rest, y, rest)), n)
        tail = one - tail if x > zero else tail
        return fma(x, polynomial(square, inner), half) if size < centre else tail, _scaled(one + y, n)

    return compute
