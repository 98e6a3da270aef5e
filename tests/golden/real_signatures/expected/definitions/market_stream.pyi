# real-signatures, catalog afe93c8f
class market_stream:  # Methods offered by demo-app.
 def subscribe(Symbol_: str) -> Any: ...  # result shape not declared
