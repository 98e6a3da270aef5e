# from-interop-dump
class Price: bid: float
class methods:
 def prices(*, take: int = 10, timeout_s: float = 5.0) -> list[Price]: ...  # take 1..1000; timeout_s above 0
 def user_greeting(name: str) -> Any: ...  # result shape not declared
