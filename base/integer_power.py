"""Powers without the C library, whose last bit depends on the system."""


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
