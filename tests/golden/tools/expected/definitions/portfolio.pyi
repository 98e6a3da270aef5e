# tools
class Address: street: str | None; city: str
class Box: kind: Literal['box']; side: float
class Circle: kind: Literal['circle']; radius: float
Segment = Literal['private', 'retail']
class Client: id: str; name: str; segment: Segment | None; phone: str | None; address: Address | None; manager: Client | None
class Parent: ok: bool; client: Client | None; parent: Parent | None; shape: Circle | Box | str | None
class portfolio:  # Portfolios.
 def show(clientId: str = ..., range: tuple[float, float] = ..., weights: dict[str, float] = ..., *, wait_for_s: float = 0.0) -> Parent: ...  # Displays a portfolio by client id or portfolio id.
