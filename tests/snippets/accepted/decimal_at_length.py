# value: ["3.333333333333333333333333333", "1.00", "2", "-1", "3.3", "0.3", "   1,234.500", "2.68", 7, "1E+3", "0.00", true, "1.7321", "2", true, "2", ["3", "1"], "1", -2, 1.5, "-1", "12.3456", "1E-7", "0.5", true]

from decimal import Decimal as D, ROUND_DOWN, ROUND_UP, ROUND_CEILING, getcontext, Context, DivisionByZero
from fractions import Fraction
[D("10") / 3, D("1.005").quantize(D(".01")), D("2.5").to_integral_value(), D("-1.5").quantize(D("1"), ROUND_CEILING), sum([D("1.1"), D("2.2")]), D(str(0.1)) + D("0.2"), f"{D('1234.5'):>12,.3f}", round(D("2.675"), 2), int(D("7.9")), D("1E+3").normalize(), D("0.00"), D("NaN").is_nan(), D(3).sqrt().quantize(D("1.0000")), max(D(1), D(2)), D("1.10") == D("1.1"), D("5") % D("3"), divmod(D(7), D(2)), abs(D(-1)), D("1.23").as_tuple()[2], float(D("1.5")), D(1).compare(D(2)), D("123.456").scaleb(-1), str(D("1e-7")), D.from_float(0.5), Fraction(D("0.25"))==Fraction(1,4)]
