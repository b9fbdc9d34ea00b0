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
from typing import Any

from llvmlite import binding, ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from ops.compiled import target
from ops.compiled.cache import DiskCache

VECTOR_BYTES = target.vector_bytes()
ROWS_1, ROWS_2 = target.tile_rows()  # the most rows of a tile one and two vectors wide
HALVES = VECTOR_BYTES == 64  # few columns go in vectors of half the length, which some processors add twice as fast
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


_panel = njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(_cut)  # type: ignore[call-overload]
_panel._cache = DiskCache(_cut)


@cache
def load_panel(kind: types.Float) -> None:
    """Compile `panel` for a type of numbers, once; kernels find the code by its name, and hold no copies of it."""
    _panel.compile(_arguments(kind))
    compiled = _panel.overloads[_arguments(kind)]
    binding.add_symbol(_symbol(kind), compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))


@intrinsic
def panel(_, zero, a, a_t, a_m, a_k, b, b_t, b_k, c, c_m, d, d_m, count_t, count_k, rows, columns, mode):
    """Write C for any number of rows and columns: cut into tiles, the rows as evenly as can be.

    Addresses a, b, c, d are in bytes, distances a_t, a_m, ... in numbers of the type of `zero`, a number of that
    type. The columns of B, C and D lie next to each other. D is what `mode` says; c and d may be the same.
    """
    load_panel(zero)
    kinds = _arguments(zero)

    def generate(context: Any, builder: ir.IRBuilder, _: Any, args: Any) -> Any:
        convention = context.call_conv
        kind = convention.get_function_type(types.none, kinds)
        function = cgutils.get_or_insert_function(builder.module, kind, _symbol(zero))
        convention.call_function(builder, function, types.none, kinds, args)
        return context.get_dummy_value()

    return types.void(*kinds), generate


def _arguments(kind: types.Float) -> tuple[Any, ...]:
    return (kind, *[types.intp] * 16)


def _symbol(kind: types.Float) -> str:
    return f"numpy_template_panel_{kind}"


@intrinsic
def size_of(_: Any, number: Any) -> Any:
    """The bytes of a number."""
    return types.intp(number), lambda context, builder, signature, args: ir.Constant(_INT, number.bitwidth // 8)


@intrinsic
def _tile(_, zero, a, a_t, a_m, a_k, b, b_t, b_k, c, c_m, d, d_m, count_t, count_k, rows, columns, mode):
    signature = types.void(zero, *[types.intp] * 16)

    def generate(context: Any, builder: ir.IRBuilder, _: Any, args: Any) -> Any:
        builder.function.attributes.add("optsize")  # unrolled loops would take three times as long to compile
        number, end = context.get_value_type(zero), builder.append_basic_block("end")
        one = _Emitter(number, builder, args[1:])
        half = _Emitter(number, builder, args[1:], VECTOR_BYTES // 2)
        choice = builder.switch(_key(builder, one, half), end)
        if HALVES:
            half.emit(choice, end, form=0, wide=1, most=ROWS_1)
        one.emit(choice, end, form=1, wide=1, most=ROWS_1)
        one.emit(choice, end, form=2, wide=2, most=ROWS_2)
        builder.position_at_end(end)
        return context.get_dummy_value()

    return signature, generate


_KEYS = 6  # for each number of rows


def _key(at: ir.IRBuilder, one: "_Emitter", half: "_Emitter") -> Any:
    """The number of a version: by rows, then half a vector, one or two, then whether the last is whole or a part."""

    def n(value: int) -> ir.Constant:
        return ir.Constant(_INT, value)

    form = at.add(n(1), at.zext(at.icmp_signed(">", one.columns, n(one.lanes)), _INT))
    is_part = at.icmp_signed("!=", at.urem(one.columns, n(one.lanes)), n(0))
    if HALVES:
        is_half = at.icmp_signed("<=", one.columns, n(half.lanes))
        form = at.select(is_half, n(0), form)
        is_part = at.select(is_half, at.icmp_signed("<", one.columns, n(half.lanes)), is_part)
    return at.add(at.add(at.mul(one.rows, n(_KEYS)), at.mul(form, n(2))), at.zext(is_part, _INT))


class _Emitter:
    """Writes a version of the tile for every number of rows and vectors, with a whole last vector or a part of one."""

    def __init__(self, number: ir.Type, builder: ir.IRBuilder, args: Any, vector_bytes: int = VECTOR_BYTES) -> None:
        self.number, self.builder, self.function = number, builder, builder.function
        self.bytes, self.vector_bytes = 4 if isinstance(number, ir.FloatType) else 8, vector_bytes
        self.lanes = vector_bytes // self.bytes
        self.vector = ir.VectorType(number, self.lanes)
        (self.a, self.a_t, self.a_m, self.a_k, self.b, self.b_t, self.b_k, self.c, self.c_m, self.d, self.d_m,
         self.count_t, self.count_k, self.rows, self.columns, self.mode) = args  # fmt: skip
        suffix = f"v{self.lanes}f{8 * self.bytes}"
        bits, pointer = ir.VectorType(ir.IntType(1), self.lanes), self.vector.as_pointer()
        self.fma = self._declared(f"llvm.fma.{suffix}", self.vector, [self.vector] * 3)
        self.load_part = self._declared(
            f"llvm.masked.load.{suffix}.p0", self.vector, [pointer, ir.IntType(32), bits, self.vector]
        )
        self.store_part = self._declared(
            f"llvm.masked.store.{suffix}.p0", ir.VoidType(), [self.vector, pointer, ir.IntType(32), bits]
        )

    def emit(self, choice: ir.Instruction, end: Any, form: int, wide: int, most: int) -> None:
        """Add the versions that are so many vectors wide to a choice by `_key`; all of them meet at the end."""
        for rows in range(1, most + 1):
            for part in (0, 1):
                block = self._block(f"tile_{rows}_{form}_{part}")
                choice.add_case(self._n(_KEYS * rows + 2 * form + part), block)
                self.builder.position_at_end(block)
                self._version(rows, wide, bool(part))
                self.builder.branch(end)

    def _version(self, rows: int, wide: int, part: bool) -> None:
        at = self.builder
        mask = self._mask(wide) if part else None
        added = [self._row(self.d, self.d_m, row) for row in range(rows)]
        cells = [(row, v) for row in range(rows) for v in range(wide)]
        last = [mask if v == wide - 1 else None for v in range(wide)]
        sums = self._chain(rows, wide, last)
        sums = self._either(
            self._mode_is(ADDED),
            lambda: [at.fadd(x, self._load(added[r], v, last[v])) for x, (r, v) in zip(sums, cells, strict=True)],
            sums,
        )
        ends = [self._row(self.c, self.c_m, row) for row in range(rows)]
        for total, (row, v) in zip(sums, cells, strict=True):
            self._store(total, ends[row], v, last[v])

    def _chain(self, rows: int, wide: int, last: list[Any]) -> list[Any]:
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
        nothing = [ir.Constant(self.vector, None)] * (rows * wide)
        t, outer_sums = self._phi(_INT, self._n(0), before), [self._phi(self.vector, x, before) for x in nothing]
        outer_a, outer_b = self._phi(_INT, self.a, before), self._phi(_INT, self.b, before)
        bases = [outer_a]
        for _ in range(_REACH, rows, _REACH):
            bases.append(at.add(bases[-1], apart))
        at.branch(inner)
        at.position_at_end(inner)
        k, sums = self._phi(_INT, self._n(0), outer), [self._phi(self.vector, x, outer) for x in outer_sums]
        a, b = [self._phi(_INT, x, outer) for x in bases], self._phi(_INT, outer_b, outer)
        right = [self._load(b, v, last[v]) for v in range(wide)]
        new = []
        for row in range(rows):
            place = at.add(a[row // _REACH], offsets[row % _REACH])
            left = self._spread(at.load(at.inttoptr(place, self.number.as_pointer())))
            new += [at.call(self.fma, [left, right[v], sums[row * wide + v]]) for v in range(wide)]
        moved = [(x, at.add(x, a_k)) for x in a]
        self._loop(k, self.count_k, [*zip(sums, new, strict=True), *moved, (b, at.add(b, b_k))], inner, after)
        moved = [(outer_a, at.add(outer_a, a_t)), (outer_b, at.add(outer_b, b_t))]
        self._loop(t, self.count_t, [*zip(outer_sums, new, strict=True), *moved], outer, end)
        return new

    def _in_bytes(self, count: Any) -> Any:
        return self.builder.mul(count, self._n(self.bytes))

    def _loop(self, counter: Any, count: Any, carried: list[tuple[Any, Any]], head: Any, after: Any) -> None:
        at = self.builder
        following, block = at.add(counter, self._n(1)), at.block
        counter.add_incoming(following, block)
        for held, new in carried:
            held.add_incoming(new, block)
        at.cbranch(at.icmp_signed("<", following, count), head, after)
        at.position_at_end(after)

    def _either(self, condition: Any, make: Any, otherwise: list[Any]) -> list[Any]:
        at, before, then, after = self.builder, self.builder.block, self._block("then"), self._block("join")
        at.cbranch(condition, then, after)
        at.position_at_end(then)
        made = make()
        end = at.block
        at.branch(after)
        at.position_at_end(after)
        joined = []
        for new, old in zip(made, otherwise, strict=True):
            value = at.phi(self.vector)
            value.add_incoming(new, end)
            value.add_incoming(old, before)
            joined.append(value)
        return joined

    def _mask(self, wide: int) -> Any:
        at, number = self.builder, ir.IntType(32)
        lanes = ir.VectorType(number, self.lanes)
        last = at.trunc(at.sub(self.columns, self._n((wide - 1) * self.lanes)), number)
        return at.icmp_signed("<", ir.Constant(lanes, list(range(self.lanes))), self._spread(last))

    def _load(self, row: Any, v: int, mask: Any) -> Any:
        address = self._address(row, v)
        if mask is not None:
            four = ir.Constant(ir.IntType(32), self.bytes)
            return self.builder.call(self.load_part, [address, four, mask, ir.Constant(self.vector, None)])
        loaded = self.builder.load(address)
        loaded.align = self.bytes
        return loaded

    def _store(self, value: Any, row: Any, v: int, mask: Any) -> None:
        address = self._address(row, v)
        if mask is not None:
            four = ir.Constant(ir.IntType(32), self.bytes)
            self.builder.call(self.store_part, [value, address, four, mask])
        else:
            self.builder.store(value, address).align = self.bytes

    def _address(self, row: Any, v: int) -> Any:
        moved = self.builder.add(row, self._n(v * self.vector_bytes))
        return self.builder.inttoptr(moved, self.vector.as_pointer())

    def _row(self, base: Any, distance: Any, row: int) -> Any:
        return self._step(base, self._n(row), distance)

    def _step(self, base: Any, count: Any, distance: Any) -> Any:
        at = self.builder
        return at.add(base, at.mul(at.mul(count, distance), self._n(self.bytes)))

    def _spread(self, x: Any) -> Any:
        at, kind = self.builder, ir.VectorType(x.type, self.lanes)
        first = at.insert_element(ir.Constant(kind, ir.Undefined), x, ir.Constant(ir.IntType(32), 0))
        order = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return at.shuffle_vector(first, ir.Constant(kind, ir.Undefined), order)

    def _phi(self, kind: Any, start: Any, block: Any) -> Any:
        value = self.builder.phi(kind)
        value.add_incoming(start, block)
        return value

    def _mode_is(self, mode: int) -> Any:
        return self.builder.icmp_signed("==", self.mode, self._n(mode))

    def _block(self, name: str) -> Any:
        return self.function.append_basic_block(name)

    def _declared(self, name: str, result: Any, args: list[Any]) -> Any:
        return cgutils.get_or_insert_function(self.builder.module, ir.FunctionType(result, args), name)

    @staticmethod
    def _n(value: int) -> ir.Constant:
        return ir.Constant(_INT, value)
