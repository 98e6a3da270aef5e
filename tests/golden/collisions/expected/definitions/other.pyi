# collisions
class ClientClient: id: str
class OtherClient: id: int
class OtherClientResult: two: ClientClient
class other:
 def client(one: OtherClient) -> OtherClientResult: ...
