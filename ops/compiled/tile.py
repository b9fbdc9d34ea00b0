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
NEW, ADDED, CONTINUED = 0, 1, 2  # what D is for: nothing; added to the finished chain; what the chain starts from

_INT = ir.IntType(64)


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
        _Emitter(context.get_value_type(zero), builder, args[1:]).emit()
        return context.get_dummy_value()

    return signature, generate


class _Emitter:
    """Writes a version of the tile for every number of rows and vectors, with a whole last vector or a part of one."""

    def __init__(self, number: ir.Type, builder: ir.IRBuilder, args: Any) -> None:
        self.number, self.builder, self.function = number, builder, builder.function
        self.bytes = 4 if isinstance(number, ir.FloatType) else 8
        self.lanes = VECTOR_BYTES // self.bytes
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

    def emit(self) -> None:
        """Choose by rows, vectors and whether the last is whole; all versions meet at the end."""
        self.function.attributes.add("optsize")  # unrolled loops would take three times as long to compile
        end, at, lanes = self._block("end"), self.builder, self.lanes
        vectors = at.udiv(at.add(self.columns, self._n(lanes - 1)), self._n(lanes))
        whole = at.icmp_signed("==", at.urem(self.columns, self._n(lanes)), self._n(0))
        is_part = at.zext(at.not_(whole), _INT)
        key = at.add(at.add(at.mul(self.rows, self._n(4)), at.mul(vectors, self._n(2))), is_part)
        choice = at.switch(key, end)
        for wide, most in ((1, ROWS_1), (2, ROWS_2)):
            for rows in range(1, most + 1):
                for part in (0, 1):
                    block = self._block(f"tile_{rows}x{wide}_{part}")
                    choice.add_case(self._n(4 * rows + 2 * wide + part), block)
                    at.position_at_end(block)
                    self._version(rows, wide, bool(part))
                    at.branch(end)
        at.position_at_end(end)

    def _version(self, rows: int, wide: int, part: bool) -> None:
        at = self.builder
        mask = self._mask(wide) if part else None
        starts, zero = [self._row(self.d, self.d_m, row) for row in range(rows)], ir.Constant(self.vector, None)
        cells = [(row, v) for row in range(rows) for v in range(wide)]
        last = [mask if v == wide - 1 else None for v in range(wide)]
        start = self._either(
            self._mode_is(CONTINUED), lambda: [self._load(starts[r], v, last[v]) for r, v in cells], [zero] * len(cells)
        )
        sums = self._chain(rows, wide, last, start)
        sums = self._either(
            self._mode_is(ADDED),
            lambda: [at.fadd(x, self._load(starts[r], v, last[v])) for x, (r, v) in zip(sums, cells, strict=True)],
            sums,
        )
        ends = [self._row(self.c, self.c_m, row) for row in range(rows)]
        for total, (row, v) in zip(sums, cells, strict=True):
            self._store(total, ends[row], v, last[v])

    def _chain(self, rows: int, wide: int, last: list[Any], start: list[Any]) -> list[Any]:
        """The loops over t and k around one fused multiply-add for each number of the tile."""
        at, before = self.builder, self.builder.block
        outer, inner, after, end = (self._block(name) for name in ("t", "k", "after_k", "after_t"))
        at.branch(outer)
        at.position_at_end(outer)
        t, outer_sums = self._phi(_INT, self._n(0), before), [self._phi(self.vector, x, before) for x in start]
        a, b = self._step(self.a, t, self.a_t), self._step(self.b, t, self.b_t)
        a_rows = [self._row(a, self.a_m, row) for row in range(rows)]
        at.branch(inner)
        at.position_at_end(inner)
        k, sums = self._phi(_INT, self._n(0), outer), [self._phi(self.vector, x, outer) for x in outer_sums]
        right = [self._load(self._step(b, k, self.b_k), v, last[v]) for v in range(wide)]
        new = []
        for row in range(rows):
            left = self._spread(at.load(at.inttoptr(self._step(a_rows[row], k, self.a_k), self.number.as_pointer())))
            new += [at.call(self.fma, [left, right[v], sums[row * wide + v]]) for v in range(wide)]
        self._loop(k, self.count_k, [*zip(sums, new, strict=True)], inner, after)
        self._loop(t, self.count_t, [*zip(outer_sums, new, strict=True)], outer, end)
        return new

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
        at, lanes = self.builder, ir.VectorType(_INT, self.lanes)
        last = at.sub(self.columns, self._n((wide - 1) * self.lanes))
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
        moved = self.builder.add(row, self._n(v * VECTOR_BYTES))
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
