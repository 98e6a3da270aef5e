# real-signatures, catalog ce55c4a7
class market_stream:  # Offered by demo-app.
 def subscribe(Symbol: str) -> Any: ...  # result shape not declared
