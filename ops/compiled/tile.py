"""The micro-kernel that products and convolutions are made of.

    C[m, n] = sum over t < T, k < K of A[t, m, k] * B[t, k, n]          for rows m and columns n of a small tile

The batch of small products that Georganas et al., "High-Performance Deep Learning via a Single Building Block"
(2019), sum up: Linear and Conv2D, forward and both gradients, are loops around it. All of C lies in registers. Each
number of C is one chain of fused multiply-adds in the order of (t, k), so neither the tile's form, nor the length of
vectors, nor how the work is divided changes a bit of it.

Numba would not keep so many numbers in registers, so the instructions are written out for LLVM, a version for each
form.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ops.compiled import target
from ops.compiled.kernel import subroutine

VECTOR_BYTES = target.vector_bytes()
UNIT_BYTES = min(VECTOR_BYTES, 32)
ROWS_1, ROWS_2 = target.tile_rows()  # the most rows of a tile one and two vectors wide
NEW, ADDED = 0, 1  # what D is for: nothing, or to be added to the finished chain

_INT = ir.IntType(64)
_REACH = 4  # rows with one moving address


def _cut(zero, a, a_t, a_m, a_k, b, b_t, b_k, c, c_m, d, d_m, count_t, count_k, rows, columns, mode):
    size = size_of(zero)
    lanes = VECTOR_BYTES // size
    for column in range(0, columns, 2 * lanes):
        width = min(2 * lanes, columns - column)
        most = ROWS_1 if width <= lanes else ROWS_2
        parts = (rows + most - 1) // most
        offset, row = column * size, 0
        for part in range(parts):
            height = (rows - row) // (parts - part)
            down = row * size
            _tile(zero, a + down * a_m, a_t, a_m, a_k, b + offset, b_t, b_k, c + down * c_m + offset, c_m,
                  d + down * d_m + offset, d_m, count_t, count_k, height, width, mode)  # fmt: skip
            row += height


_panel = subroutine(_cut)


def has_panel(dtype: str) -> bool:
    """True if `panel` was compiled for a type of numbers before."""
    return bool(_panel._cache.holds(_arguments(_kind(dtype))))


@cache
def load_panel(dtype: str) -> None:
    """Compile `panel` for a type of numbers, once; kernels find the code by its name, and hold no copies of it."""
    kinds = _arguments(_kind(dtype))
    _panel.compile(kinds)
    compiled = _panel.overloads[kinds]
    binding.add_symbol(_symbol(dtype), compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))


@cache
def make_ready(dtype: np.dtype) -> None:
    """Load `panel` for a type of numbers, for kernels that were kept; costs nothing but the first time."""
    load_panel(dtype.name)


@intrinsic
def panel(_, zero, a, a_t, a_m, a_k, b, b_t, b_k, c, c_m, d, d_m, count_t, count_k, rows, columns, mode):
    """Write C for any number of rows and columns: cut into tiles, the rows as evenly as can be.

    Addresses a, b, c, d are in bytes, distances a_t, a_m, ... in numbers of the type of `zero`, a number of that
    type. The columns of B, C and D lie next to each other. D is what `mode` says; c and d may be the same.
    """
    load_panel(zero.name)
    kinds = _arguments(zero)

    def generate(context: Any, builder: ir.IRBuilder, _: Any, args: Any) -> Any:
        convention = context.call_conv
        kind = convention.get_function_type(types.none, kinds)
        function = cgutils.get_or_insert_function(builder.module, kind, _symbol(zero.name))
        convention.call_function(builder, function, types.none, kinds, args)
        return context.get_dummy_value()

    return types.void(*kinds), generate


def _arguments(kind: types.Float) -> tuple[Any, ...]:
    return (kind, *[types.intp] * 16)


def _kind(dtype: str) -> types.Float:
    return types.float32 if dtype == "float32" else types.float64


def _symbol(dtype: str) -> str:
    return f"numpy_template_panel_{dtype}"


@intrinsic
def size_of(_: Any, number: Any) -> Any:
    """The bytes of a number."""
    return types.intp(number), lambda context, builder, signature, args: ir.Constant(_INT, number.bitwidth // 8)


@intrinsic
def _tile(_, zero, a, a_t, a_m, a_k, b, b_t, b_k, c, c_m, d, d_m, count_t, count_k, rows, columns, mode):
    signature = types.void(zero, *[types.intp] * 16)

    def generate(context: Any, builder: ir.IRBuilder, _: Any, args: Any) -> Any:
        _Emitter(context.get_value_type(zero), builder, args[1:]).emit()
        return context.get_dummy_value()

    return signature, generate


class _Emitter:
    """Writes a version of the tile for every number of rows and units of columns, with a whole last unit or a part.

    A unit is a vector, or half of one where vectors are long: few columns then waste less, and some processors work on
    halves twice as fast.
    """

    def __init__(self, number: ir.Type, builder: ir.IRBuilder, args: Any) -> None:
        self.number, self.builder, self.function = number, builder, builder.function
        self.bytes = 4 if isinstance(number, ir.FloatType) else 8
        (self.a, self.a_t, self.a_m, self.a_k, self.b, self.b_t, self.b_k, self.c, self.c_m, self.d, self.d_m,
         self.count_t, self.count_k, self.rows, self.columns, self.mode) = args  # fmt: skip

    def emit(self) -> None:
        """Choose by rows, units and whether the last is whole; all versions meet at the end."""
        self.function.attributes.add("optsize")  # unrolled loops would take three times as long to compile
        end, at, unit, most = self._block("end"), self.builder, UNIT_BYTES // self.bytes, VECTOR_BYTES // UNIT_BYTES
        units = at.udiv(at.add(self.columns, self._n(unit - 1)), self._n(unit))
        is_part = at.zext(at.icmp_signed("!=", at.urem(self.columns, self._n(unit)), self._n(0)), _INT)
        key = at.add(at.add(at.mul(self.rows, self._n(16)), at.mul(units, self._n(2))), is_part)
        choice = at.switch(key, end)
        for wide in range(1, 2 * most + 1):
            vectors = [VECTOR_BYTES] * (wide // most) + [UNIT_BYTES] * (wide % most)
            for rows in range(1, (ROWS_1 if wide <= most else ROWS_2) + 1):
                for part in (0, 1):
                    block = self._block(f"tile_{rows}_{wide}_{part}")
                    choice.add_case(self._n(16 * rows + 2 * wide + part), block)
                    at.position_at_end(block)
                    self._version(rows, self._columns(vectors, bool(part)))
                    at.branch(end)
        at.position_at_end(end)

    def _columns(self, lengths: list[int], part: bool) -> "list[_Column]":
        """The vectors of a row of the tile; of the last, a mask tells which numbers there are."""
        columns, start = [], 0
        for length in lengths:
            kind = ir.VectorType(self.number, length // self.bytes)
            mask = self._mask(start, kind.count) if part and start + length == sum(lengths) else None
            columns.append(_Column(start, kind, mask))
            start += length
        return columns

    def _version(self, rows: int, columns: "list[_Column]") -> None:
        sums = self._finished(self._chain(rows, columns), columns)
        for row in range(rows):
            for v, column in enumerate(columns):
                self._store(sums[row * len(columns) + v], self._row(self.c, self.c_m, row), column)

    def _chain(self, rows: int, columns: "list[_Column]") -> list[Any]:
        """The loops over t and k around one fused multiply-add for each number of the tile.

        Every fourth row has an address that moves on; those between are reached from it. There are not enough
        registers for more.
        """
        at, before = self.builder, self.builder.block
        a_t, b_t, a_k, b_k, a_m = (self._in_bytes(x) for x in (self.a_t, self.b_t, self.a_k, self.b_k, self.a_m))
        offsets = [at.mul(self._n(row), a_m) for row in range(_REACH)]
        apart = at.mul(self._n(_REACH), a_m)
        outer, inner, after, end = (self._block(name) for name in ("t", "k", "after_k", "after_t"))
        at.branch(outer)
        at.position_at_end(outer)
        zeros = [ir.Constant(column.kind, None) for _ in range(rows) for column in columns]
        t, outer_sums = self._phi(self._n(0), before), [self._phi(x, before) for x in zeros]
        outer_a, outer_b = self._phi(self.a, before), self._phi(self.b, before)
        bases = [outer_a]
        for _ in range(_REACH, rows, _REACH):
            bases.append(at.add(bases[-1], apart))
        at.branch(inner)
        at.position_at_end(inner)
        k, sums = self._phi(self._n(0), outer), [self._phi(x, outer) for x in outer_sums]
        a, b = [self._phi(x, outer) for x in bases], self._phi(outer_b, outer)
        right, new = [self._load(b, column) for column in columns], []
        for row in range(rows):
            place = at.add(a[row // _REACH], offsets[row % _REACH])
            left = at.load(at.inttoptr(place, self.number.as_pointer()))
            new += [self._fma(left, b_row, sums[row * len(columns) + v]) for v, b_row in enumerate(right)]
        moved = [(x, at.add(x, a_k)) for x in a]
        self._loop(k, self.count_k, [*zip(sums, new, strict=True), *moved, (b, at.add(b, b_k))], inner, after)
        moved = [(outer_a, at.add(outer_a, a_t)), (outer_b, at.add(outer_b, b_t))]
        self._loop(t, self.count_t, [*zip(outer_sums, new, strict=True), *moved], outer, end)
        return new

    def _loop(self, counter: Any, count: Any, carried: list[tuple[Any, Any]], head: Any, after: Any) -> None:
        at = self.builder
        following, block = at.add(counter, self._n(1)), at.block
        counter.add_incoming(following, block)
        for held, new in carried:
            held.add_incoming(new, block)
        at.cbranch(at.icmp_signed("<", following, count), head, after)
        at.position_at_end(after)

    def _finished(self, sums: list[Any], columns: "list[_Column]") -> list[Any]:
        """The chains, with D added where the mode asks for it."""
        at, before, then, after = self.builder, self.builder.block, self._block("then"), self._block("join")
        at.cbranch(at.icmp_signed("==", self.mode, self._n(ADDED)), then, after)
        at.position_at_end(then)
        made = []
        for index, chain in enumerate(sums):
            row, v = divmod(index, len(columns))
            made.append(at.fadd(chain, self._load(self._row(self.d, self.d_m, row), columns[v])))
        at.branch(after)
        at.position_at_end(after)
        joined = [self._phi(chain, before) for chain in sums]
        for value, new in zip(joined, made, strict=True):
            value.add_incoming(new, then)
        return joined

    def _mask(self, start: int, lanes: int) -> Any:
        """The mask of valid elements in the vector that begins so many bytes into a row."""
        at, number = self.builder, ir.IntType(32)
        last = at.trunc(at.sub(self.columns, self._n(start // self.bytes)), number)
        return at.icmp_signed(
            "<", ir.Constant(ir.VectorType(number, lanes), list(range(lanes))), self._spread(last, lanes)
        )

    def _load(self, row: Any, column: "_Column") -> Any:
        address = self._address(row, column)
        if column.mask is None:
            loaded = self.builder.load(address)
            loaded.align = self.bytes
            return loaded
        arguments = [address, ir.Constant(ir.IntType(32), self.bytes), column.mask, ir.Constant(column.kind, None)]
        return self._call("masked.load", column.kind, arguments, ".p0")

    def _store(self, value: Any, row: Any, column: "_Column") -> None:
        address = self._address(row, column)
        if column.mask is None:
            self.builder.store(value, address).align = self.bytes
        else:
            arguments = [value, address, ir.Constant(ir.IntType(32), self.bytes), column.mask]
            self._call("masked.store", ir.VoidType(), arguments, ".p0")

    def _fma(self, left: Any, right: Any, total: Any) -> Any:
        return self._call("fma", total.type, [self._spread(left, total.type.count), right, total])

    def _call(self, name: str, result: Any, arguments: list[Any], suffix: str = "") -> Any:
        """Call LLVM's own function for vectors like the largest argument."""
        lanes = max(argument.type.count for argument in arguments if isinstance(argument.type, ir.VectorType))
        kind = ir.FunctionType(result, [argument.type for argument in arguments])
        full = f"llvm.{name}.v{lanes}f{8 * self.bytes}{suffix}"
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, full), arguments)

    def _address(self, row: Any, column: "_Column") -> Any:
        moved = self.builder.add(row, self._n(column.start))
        return self.builder.inttoptr(moved, column.kind.as_pointer())

    def _row(self, base: Any, distance: Any, row: int) -> Any:
        return self.builder.add(base, self._in_bytes(self.builder.mul(self._n(row), distance)))

    def _in_bytes(self, count: Any) -> Any:
        return self.builder.mul(count, self._n(self.bytes))

    def _spread(self, x: Any, lanes: int) -> Any:
        at, kind = self.builder, ir.VectorType(x.type, lanes)
        first = at.insert_element(ir.Constant(kind, ir.Undefined), x, ir.Constant(ir.IntType(32), 0))
        order = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
        return at.shuffle_vector(first, ir.Constant(kind, ir.Undefined), order)

    def _phi(self, start: Any, block: Any) -> Any:
        value = self.builder.phi(start.type)
        value.add_incoming(start, block)
        return value

    def _block(self, name: str) -> Any:
        return self.function.append_basic_block(name)

    @staticmethod
    def _n(value: int) -> ir.Constant:
        return ir.Constant(_INT, value)


class _Column(NamedTuple):
    """A vector of each row of a tile: where it begins, in bytes, and a mask where not all of its numbers are there."""

    start: int
    kind: ir.VectorType
    mask: Any
