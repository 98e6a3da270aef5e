# from-interop-dump
class SumResult: answer: int
class calculator:  # Methods offered by calculator.
 def sum_(a: int, b: int) -> SumResult: ...  # Adds two numbers.
