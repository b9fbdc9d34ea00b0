"""Vectors of the processor's length, as kernels write them down: `load`, `store`, + - * /, `fma`, `larger`, `where`.

LLVM finds vectors in plain loops by itself, but not in those over a few channels, or with a choice in them. All of it
is done number by number, so that the length of a vector changes no bit.
"""

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel.models import PrimitiveModel
from numba.extending import intrinsic, overload, register_model

from ops.compiled import target

VECTOR_BYTES = target.vector_bytes()
BLOCK = 32  # lanes of a block, whatever the processor's vectors, so that sums in them have its bits everywhere
WIDE_LANES = 32  # of `load_wide`


class VectorType(types.Type):
    """A SIMD vector of numbers (or truth values) of this type."""

    def __init__(self, dtype: Any, holds: Any = None, lanes: int = 0) -> None:
        self.dtype, self.lanes = dtype, lanes or 8 * VECTOR_BYTES // dtype.bitwidth
        self.holds = holds or dtype
        super().__init__(name=f"Vector({self.holds} x {self.lanes}, {dtype})")


@register_model(VectorType)
class _VectorModel(PrimitiveModel):
    def __init__(self, manager: Any, kind: VectorType) -> None:
        super().__init__(manager, kind, ir.VectorType(_number(kind.holds), kind.lanes))


def _number(kind: Any) -> ir.Type:
    if kind is types.boolean:
        return ir.IntType(1)
    return ir.FloatType() if kind is types.float32 else ir.DoubleType()


def _ir(kind: VectorType) -> ir.VectorType:
    return ir.VectorType(_number(kind.holds), kind.lanes)


@intrinsic
def lanes_of(_, array):
    """The number of lanes for an array's type."""
    lanes = 8 * VECTOR_BYTES // array.dtype.bitwidth
    return types.intp(array), lambda context, builder, signature, args: ir.Constant(ir.IntType(64), lanes)


def _address(context: Any, builder: Any, kind: Any, array: Any, index: Any, vector: VectorType) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), _ir(vector).as_pointer())


def _mask(builder: Any, vector: VectorType, count: Any) -> Any:
    lanes = ir.VectorType(ir.IntType(64), vector.lanes)
    return builder.icmp_signed("<", ir.Constant(lanes, list(range(vector.lanes))), _spread(builder, count, lanes))


def _spread(builder: Any, number: Any, kind: ir.VectorType) -> Any:
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    order = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), order)


@intrinsic
def load(_, array, index):
    """The vector that begins at the index of a C-ordered array, counted through all its axes."""
    vector = VectorType(array.dtype)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        loaded = builder.load(_address(context, builder, signature.args[0], args[0], args[1], vector))
        loaded.align = array.dtype.bitwidth // 8
        return loaded

    return vector(array, types.intp), generate


@intrinsic
def load_part(_, array, index, count):
    """The first `count` numbers of `load`, and zeros."""
    vector = VectorType(array.dtype)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind, size = _ir(vector), array.dtype.bitwidth // 8
        address = _address(context, builder, signature.args[0], args[0], args[1], vector)
        bits = ir.VectorType(ir.IntType(1), vector.lanes)
        name = f"llvm.masked.load.v{vector.lanes}f{array.dtype.bitwidth}.p0"
        called = ir.FunctionType(kind, [kind.as_pointer(), ir.IntType(32), bits, kind])
        function = cgutils.get_or_insert_function(builder.module, called, name)
        arguments = [
            address,
            ir.Constant(ir.IntType(32), size),
            _mask(builder, vector, args[2]),
            ir.Constant(kind, None),
        ]
        return builder.call(function, arguments)

    return vector(array, types.intp, types.intp), generate


@intrinsic
def store(_, array, index, value):
    """Write a vector to the index of a C-ordered array."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[0], args[1], value)
        builder.store(args[2], address).align = array.dtype.bitwidth // 8
        return context.get_dummy_value()

    return types.void(array, types.intp, value), generate


@intrinsic
def store_part(_, array, index, value, count):
    """Write the first `count` numbers of a vector."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind, size = _ir(value), array.dtype.bitwidth // 8
        address = _address(context, builder, signature.args[0], args[0], args[1], value)
        bits = ir.VectorType(ir.IntType(1), value.lanes)
        name = f"llvm.masked.store.v{value.lanes}f{array.dtype.bitwidth}.p0"
        called = ir.FunctionType(ir.VoidType(), [kind, kind.as_pointer(), ir.IntType(32), bits])
        function = cgutils.get_or_insert_function(builder.module, called, name)
        builder.call(function, [args[2], address, ir.Constant(ir.IntType(32), size), _mask(builder, value, args[3])])
        return context.get_dummy_value()

    return types.void(array, types.intp, value, types.intp), generate


@intrinsic
def load_numbers(_, array, index, count, like):
    """`load_part` of whole numbers of at least 0, that are kept in few bits, as a vector of the type of `like`."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _numbers(context, builder, array, args[0], args[1], like)
        kind, truths = address.type.pointee, ir.VectorType(ir.IntType(1), like.lanes)
        called = ir.FunctionType(kind, [address.type, ir.IntType(32), truths, kind])
        name = f"llvm.masked.load.v{like.lanes}i{array.dtype.bitwidth}.p0"
        load_masked = cgutils.get_or_insert_function(builder.module, called, name)
        size = array.dtype.bitwidth // 8

        def whole() -> Any:
            loaded = builder.load(address)
            loaded.align = size
            return loaded

        def part() -> Any:
            alignment, mask = ir.Constant(ir.IntType(32), size), _mask(builder, like, args[2])
            return builder.call(load_masked, [address, alignment, mask, ir.Constant(kind, None)])

        return builder.uitofp(_either(builder, args[2], like.lanes, whole, part), _ir(like))

    return like(array, types.intp, types.intp, like), generate


@intrinsic
def store_numbers(_, array, index, value, count):
    """`store_part` of whole numbers of at least 0, in the few bits of the array's type."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _numbers(context, builder, array, args[0], args[1], value)
        kind, truths = address.type.pointee, ir.VectorType(ir.IntType(1), value.lanes)
        called = ir.FunctionType(ir.VoidType(), [kind, address.type, ir.IntType(32), truths])
        name = f"llvm.masked.store.v{value.lanes}i{array.dtype.bitwidth}.p0"
        store_masked = cgutils.get_or_insert_function(builder.module, called, name)
        size, numbers = array.dtype.bitwidth // 8, builder.fptoui(args[2], kind)
        is_whole = builder.icmp_signed(">=", args[3], ir.Constant(ir.IntType(64), value.lanes))
        with builder.if_else(is_whole) as (then, otherwise):
            with then:
                builder.store(numbers, address).align = size
            with otherwise:
                alignment, mask = ir.Constant(ir.IntType(32), size), _mask(builder, value, args[3])
                builder.call(store_masked, [numbers, address, alignment, mask])
        return context.get_dummy_value()

    return types.void(array, types.intp, value, types.intp), generate


def _numbers(context: Any, builder: Any, kind: Any, array: Any, index: Any, vector: VectorType) -> Any:
    """The address of as many whole numbers as a vector has."""
    data = context.make_array(kind)(context, builder, array).data
    numbers = ir.VectorType(ir.IntType(kind.dtype.bitwidth), vector.lanes)
    return builder.bitcast(builder.gep(data, [index]), numbers.as_pointer())


def _either(builder: Any, count: Any, lanes: int, whole: Any, part: Any) -> Any:
    """The result of `whole` if the count is that of a vector, else of `part`."""
    is_whole = builder.icmp_signed(">=", count, ir.Constant(ir.IntType(64), lanes))
    made = []
    with builder.if_else(is_whole) as branches:
        for branch, make in zip(branches, (whole, part), strict=True):
            with branch:
                made.append((make(), builder.block))
    merged = builder.phi(made[0][0].type)
    for value, block in made:
        merged.add_incoming(value, block)
    return merged


@intrinsic
def load_wide(_, array, index):
    """32 numbers as float64, whatever the processor's vectors: for sums whose lanes must be as many everywhere."""
    vector = VectorType(types.float64, lanes=WIDE_LANES)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        stored = VectorType(array.dtype, lanes=WIDE_LANES)
        loaded = builder.load(_address(context, builder, signature.args[0], args[0], args[1], stored))
        loaded.align = array.dtype.bitwidth // 8
        return loaded if array.dtype is types.float64 else builder.fpext(loaded, _ir(vector))

    return vector(array, types.intp), generate


@intrinsic
def load_block(_, array, index, count):
    """BLOCK numbers, or the first `count` of them and zeros: as many vectors as it takes on any processor."""
    block = VectorType(array.dtype, lanes=BLOCK)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], args[0], args[1], block)
        kind, truths, size = _ir(block), ir.VectorType(ir.IntType(1), BLOCK), array.dtype.bitwidth // 8
        called = ir.FunctionType(kind, [kind.as_pointer(), ir.IntType(32), truths, kind])
        name = f"llvm.masked.load.v{BLOCK}f{array.dtype.bitwidth}.p0"
        load_masked = cgutils.get_or_insert_function(builder.module, called, name)

        def whole() -> Any:
            loaded = builder.load(address)
            loaded.align = size
            return loaded

        def part() -> Any:
            alignment, mask = ir.Constant(ir.IntType(32), size), _mask(builder, block, args[2])
            return builder.call(load_masked, [address, alignment, mask, ir.Constant(kind, None)])

        return _either(builder, args[2], BLOCK, whole, part)

    return block(array, types.intp, types.intp), generate


@intrinsic
def spread_block(_, number):
    """A number in every lane of a block."""
    block = VectorType(number, lanes=BLOCK)
    return block(number), lambda context, builder, signature, args: _spread(builder, args[0], _ir(block))


@intrinsic
def total(_, block):
    """The sum of all lanes: the second half is added to the first until one is left."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value, lanes = args[0], block.lanes
        while lanes > 1:
            lanes //= 2
            kind, nothing = ir.VectorType(ir.IntType(32), lanes), ir.Constant(value.type, ir.Undefined)
            orders = [ir.Constant(kind, list(range(begin, begin + lanes))) for begin in (0, lanes)]
            value = builder.fadd(*(builder.shuffle_vector(value, nothing, order) for order in orders))
        return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))

    return block.dtype(block), generate


@intrinsic
def spread(_, number):
    """A number in every lane."""
    vector = VectorType(number)
    return vector(number), lambda context, builder, signature, args: _spread(builder, args[0], _ir(vector))


@intrinsic
def constant(_, array, number):
    """A float64 in every lane of a vector of the array's numbers, rounded to their type."""
    vector = VectorType(array.dtype)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        rounded = context.cast(builder, args[1], types.float64, array.dtype)
        return _spread(builder, rounded, _ir(vector))

    return vector(array, types.float64), generate


@intrinsic
def sqrt(_, a):
    """The root of each number of a vector, correctly rounded."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = context.get_value_type(a)
        name = f"llvm.sqrt.v{a.lanes}f{a.dtype.bitwidth}"
        return builder.call(cgutils.get_or_insert_function(builder.module, ir.FunctionType(kind, [kind]), name), args)

    return a(a), generate


@intrinsic
def first(_, vector, count):
    """The first `count` numbers of a vector, and zeros."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(_mask(builder, vector, args[1]), args[0], ir.Constant(_ir(vector), None))

    return vector(vector, types.intp), generate


@intrinsic
def fma(_, a, b, c):
    """a * b + c with one rounding, of vectors or of numbers."""
    is_vector = isinstance(a, VectorType)
    bits = (a.dtype if is_vector else a).bitwidth

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = context.get_value_type(a)
        name = f"llvm.fma.v{a.lanes}f{bits}" if is_vector else f"llvm.fma.f{bits}"
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(kind, [kind] * 3), name)
        return builder.call(function, args)

    return a(a, a, a), generate


@intrinsic
def is_larger(_, a, b):
    """In which lanes a > b; nan is not."""
    truth = VectorType(a.dtype, types.boolean, a.lanes)
    return truth(a, b), lambda context, builder, signature, args: builder.fcmp_ordered(">", *args)


@intrinsic
def is_larger_or_nan(_, a, b):
    """In which lanes a > b or a is nan."""
    truth = VectorType(a.dtype, types.boolean)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        is_nan = builder.fcmp_unordered("uno", args[0], args[0])
        return builder.or_(builder.fcmp_ordered(">", *args), is_nan)

    return truth(a, b), generate


@intrinsic
def is_equal(_, a, b):
    """In which lanes a == b; nan is not."""
    truth = VectorType(a.dtype, types.boolean)
    return truth(a, b), lambda context, builder, signature, args: builder.fcmp_ordered("==", *args)


@intrinsic
def where(_, condition, a, b):
    """a in the lanes where the condition holds, b in the others."""
    return a(condition, a, b), lambda context, builder, signature, args: builder.select(*args)


def _arithmetic(instruction: str) -> Any:
    def typed(_, a, b):
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(builder, instruction)(*args)

        return a(a, b), generate

    return intrinsic(typed)


_fadd, _fsub, _fmul, _fdiv = (_arithmetic(name) for name in ("fadd", "fsub", "fmul", "fdiv"))


def _both(a: Any, b: Any) -> bool:
    return isinstance(a, VectorType) and isinstance(b, VectorType)


@overload(operator.add)
def _add(a, b):
    return (lambda a, b: _fadd(a, b)) if _both(a, b) else None


@overload(operator.sub)
def _sub(a, b):
    return (lambda a, b: _fsub(a, b)) if _both(a, b) else None


@overload(operator.mul)
def _mul(a, b):
    return (lambda a, b: _fmul(a, b)) if _both(a, b) else None


@overload(operator.truediv)
def _truediv(a, b):
    return (lambda a, b: _fdiv(a, b)) if _both(a, b) else None
