# tools
class Address: street: str | None; city: str
Segment = Literal['private', 'retail']
class Client: id: str; name: str; segment: Segment | None; phone: str | None; address: Address | None; manager: Client | None
class GetClientsResult: clients: list[Client]
class acme_bank:
 def get_clients() -> GetClientsResult: ...  # Returns the list of clients.
