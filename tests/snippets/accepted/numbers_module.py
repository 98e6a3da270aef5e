# value: [true, true, true, false, true, true, false, false]
import numbers
from fractions import Fraction
[isinstance(x, numbers.Number) for x in (1, 2.5, Fraction(1), "x", True)] + [
    isinstance(1, numbers.Integral),
    isinstance(1.0, numbers.Integral),
    isinstance(1j, numbers.Real),
]
