# tools, catalog c2155f00
class BrokenResult: ok: bool
Segment = Literal['private', 'retail']
class FindClientsClient_2: id: str; name: str; segment: Segment | None; phone: str | None; address: Any; manager: Any
class FindClientsClient: id: str; name: str; segment: Segment | None; phone: str | None; address: Any; manager: list[FindClientsClient_2] | None
class crm:  # Methods offered by crm.
 def broken(id: str) -> BrokenResult: ...
 def find_clients(name: str, limit: int = 50, segment: Segment = ..., phone: str | None = ..., class_: str = ...) -> list[FindClientsClient]: ...  # Old words. name length >= 2; limit 1..500
