# from-app-directory, catalog fa278492
class oms:  # OMS.
 def place(symbol: str, quantity: float) -> Any: ...  # result shape not declared
