# from-gateway
class Client: id: str; name: str
class FindClientsResult: clients: list[Client]
class GetClientResult: id: str; name: str; phone: str | None
class crm:
 def changes(arguments: dict[str, Any] = ..., *, take: int = 10, timeout_s: float = 5.0) -> list[Any]: ...  # arguments keys not declared; take 1..1000; timeout_s above 0
 def find_clients(name: str) -> FindClientsResult: ...
 def get_client(id: str) -> GetClientResult: ...  # Returns one client by id.
 def orphan(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
