# from-mcp-tools
class Trade: id: str; quantity: float
class GetTradesResult: trades: list[Trade]
class methods:
 def get_trades(day: str) -> GetTradesResult: ...  # Lists the trades of a day. day date
 def ping(arguments: dict[str, Any] = ...) -> Any: ...  # result shape not declared
