# real-signatures
class LastTradesResult: symbol: str; lastTradePrice: float; lastTradeSize: int
class market_data:  # Offered by demo-app.
 def last_trades(symbol: str) -> LastTradesResult: ...
