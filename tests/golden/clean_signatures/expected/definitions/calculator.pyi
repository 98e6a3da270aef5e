# clean-signatures
class AddResult: sum: int
class DivideResult: quotient: float
class calculator:
 def add(a: int, b: int, c: int = ...) -> AddResult: ...  # Adds two or three numbers.
 def divide(dividend: float, divisor: float) -> DivideResult: ...  # Divides.
