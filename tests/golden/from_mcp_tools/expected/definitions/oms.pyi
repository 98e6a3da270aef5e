# from-mcp-tools
class oms:
 def submit_order(symbol: str, quantity: int) -> Any: ...  # Submits an order. result shape not declared
