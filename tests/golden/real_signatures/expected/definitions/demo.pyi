# real-signatures
class Client: clientId: str
class Symbol: symbol: str; bid: float; ask: float
class demo:  # Offered by demo-app.
 def set_client(client: Client) -> Any: ...  # result shape not declared
 def set_prices() -> list[Symbol]: ...
