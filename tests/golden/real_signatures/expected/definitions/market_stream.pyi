# real-signatures, catalog 9f8d4a0e
class market_stream:  # Methods offered by demo-app.
 def subscribe(Symbol: str) -> Any: ...  # result shape not declared
