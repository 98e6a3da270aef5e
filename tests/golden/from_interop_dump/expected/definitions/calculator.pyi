# from-interop-dump
class SumResult: answer: int
class calculator:
 def sum_(a: int, b: int) -> SumResult: ...  # Adds two numbers.
