# from-iointelligence
class Client: id: str; firstName: str; lastName: str
class GetClientsResult: clients: list[Client]
class methods:
 def get_clients() -> GetClientsResult: ...  # Returns the list of clients.
