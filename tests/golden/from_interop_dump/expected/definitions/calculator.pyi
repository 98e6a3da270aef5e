# from-interop-dump, catalog 84af171c
class SumResult: answer: int
class calculator:  # Methods offered by calculator.
 def sum_(a: int, b: int) -> SumResult: ...  # Adds two numbers.
