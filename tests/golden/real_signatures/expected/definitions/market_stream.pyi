# real-signatures
class market_stream:  # Offered by demo-app.
 def subscribe(Symbol: str) -> Any: ...  # result shape not declared
