# collisions
class Client: id: str
class OtherClient: id: int
class OtherClientResult: two: Client
class other:
 def client(one: OtherClient) -> OtherClientResult: ...
