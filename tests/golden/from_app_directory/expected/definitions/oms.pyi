# from-app-directory, catalog 70ba0447
class oms:  # OMS.
 def place(symbol: str, quantity: float) -> Any: ...  # result shape not declared
