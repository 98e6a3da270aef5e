# value: [2, -1.34, -4, -1, [3, 2], true, 255, "1e+06", false, true, 0.5, 3, 9, -6, 4000, 6, 5, null, [1, 2]]
import math
from fractions import Fraction
[round(2.5), round(-1.345, 2), 7 // -2, 7 % -2, divmod(17, 5), 2 ** 0.5 == math.sqrt(2), int("ff", 16), f"{1e6:.3g}", 0.1 + 0.2 == 0.3, math.isclose(0.1 + 0.2, 0.3), float(Fraction(1, 3) + Fraction(1, 6)), abs(-3), 5 & 3 | 8, ~5, 1_000 << 2, math.gcd(12, 18), pow(3, -1, 7), max([], default=None), sum([[1], [2]], [])]
