# from-interop-dump
class SumResult: answer: int
class calculator:
 def sum_(a: int, b: int, *, target: str | list[str] = 'best', wait_for_s: float = 0.0) -> SumResult: ...  # Adds two numbers. target 'best', an app, an instance; 'all' or a list give a dict of results by target
