# from-mcp-tools, catalog 9b0890d7
class oms:  # Methods of Oms.
 def submit_order(symbol: str, quantity: int) -> Any: ...  # Submits an order. result shape not declared
