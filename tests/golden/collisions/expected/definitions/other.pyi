# collisions
class ClientClient: id: str
class OtherClient: id: int
class OtherClientResult: two: ClientClient
class other:  # Methods of Other.
 def client(one: OtherClient) -> OtherClientResult: ...  # one Client
