# real-signatures
class market_stream:  # Methods offered by demo-app.
 def subscribe(Symbol: str) -> Any: ...  # result shape not declared
