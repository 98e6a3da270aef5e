# from-app-directory, catalog 6efe7504
class oms:  # OMS.
 def place(symbol: str, quantity: float) -> Any: ...  # result shape not declared
