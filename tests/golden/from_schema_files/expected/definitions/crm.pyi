# from-schema-files
class Address: city: str; country: str | None
class Client: id: str; name: str; address: Address | None; household: list[Client] | None
class FilterNot: not_: str | FilterAll | FilterNot  # not_ is key 'not'
class FilterAll: all: list[str | FilterAll | FilterNot]  # all >= 1 items
class crm:  # Clients and their portfolios.
 def find_clients(filter: str | FilterAll | FilterNot, *, wait_for_s: float = 0.0) -> list[Client]: ...  # Finds clients by a filter.
 def get_client(id: str, *, wait_for_s: float = 0.0) -> Client: ...  # Returns one client by id. id pattern ^CL-[0-9]+$
 def get_secret(arguments: dict[str, Any] = ..., *, wait_for_s: float = 0.0) -> Any: ...  # Refers to a file that is not given. arguments keys not declared; result shape not declared
