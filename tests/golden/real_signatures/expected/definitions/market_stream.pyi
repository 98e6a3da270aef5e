# real-signatures, catalog 8c28c449
class market_stream:  # Methods offered by demo-app.
 def subscribe(Symbol: str) -> Any: ...  # result shape not declared
