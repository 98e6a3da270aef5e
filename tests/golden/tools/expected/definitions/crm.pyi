# tools
class Address: street: str | None; city: str
class BrokenResult: ok: bool
Segment = Literal['private', 'retail']
class Client: id: str; name: str; segment: Segment | None; phone: str | None; address: Address | None; manager: Client | None
class crm:
 def broken(id: str) -> BrokenResult: ...
 def find_clients(name: str, limit: int = 50, segment: Segment = ..., phone: str | None = ..., class_: str = ...) -> list[Client]: ...  # Old words. name length >= 2; limit 1..500
