# from-app-directory, catalog 61dcafc4
class oms:  # OMS.
 def place(symbol: str, quantity: float) -> Any: ...  # result shape not declared
