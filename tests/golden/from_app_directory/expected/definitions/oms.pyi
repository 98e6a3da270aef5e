# from-app-directory
class oms:  # OMS.
 def place(symbol: str, quantity: float) -> Any: ...  # result shape not declared
