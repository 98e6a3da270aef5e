# from-app-directory
class oms:  # OMS.
 def place(symbol: str, quantity: float, *, wait_for_s: float = 0.0) -> Any: ...  # result shape not declared
