# collisions
class Client: id: str
class DeskClient: id: str; name: str
class DeskClientResult: two: DeskClient
class Row: class_2: str; class_: str; items: int; keys: int; a_b: str; Row_: str  # class_2 is key 'class'; a_b is key 'a.b'; Row_ is key 'Row'
class KeysResult: rows: list[Row]
class Same2Result: b: int
class SameResult: a: int
class desk:  # Offered by a, b, c and 1 more.
 def class_(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
 def client(one: Client) -> DeskClientResult: ...
 def get_orders(a: str) -> Any: ...  # result shape not declared
 def get_orders_2(id: str, *, target: str | list[str] = 'best', wait_for_s: float = 0.0) -> Any: ...  # target 'best', an app, an instance; 'all' or a list give a dict of results by target; result shape not declared
 def get_orders_3(a: str, b: str) -> Any: ...  # result shape not declared
 def get_orders_4(id: str, n: int) -> Any: ...  # result shape not declared
 def keys(from_2: str, From: str, from_: str, print: int, list_: int, call_: int, a_b_2: str, a_b: str) -> KeysResult: ...
 def print_(int_: int) -> Any: ...  # result shape not declared
 def same(id: str) -> SameResult: ...
 def same_2(id: str) -> Same2Result: ...
