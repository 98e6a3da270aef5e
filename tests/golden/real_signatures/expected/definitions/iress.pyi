# real-signatures
class Order: side: str; quantity: float; instrument: str; market: str; contact: Any; timestamp: Any
class iress:  # Offered by demo-app.
 def add_to_bbg_watchlist(order: Order) -> Any: ...  # result shape not declared
