# value: ["1/2", 1, 0.5]
from fractions import Fraction

f = Fraction(1, 3) + Fraction(1, 6)
[str(f), f.numerator, float(f)]
