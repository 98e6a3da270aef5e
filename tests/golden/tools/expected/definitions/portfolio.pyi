# tools, catalog c2155f00
class Box: kind: Literal['box']; side: float
class Circle: kind: Literal['circle']; radius: float
class PortfolioRoot: ok: bool; client: PortfolioClient | None; shape: Circle | Box | str | None
Segment = Literal['private', 'retail']
class PortfolioClient: id: str; name: str; segment: Segment | None; phone: str | None; address: Any; manager: PortfolioRoot | None
class portfolio:  # Portfolios.
 def show(clientId: str = ..., range: tuple[float, float] = ..., weights: dict[str, float] = ...) -> PortfolioRoot: ...  # Displays a portfolio by client id or portfolio id. range >= 2 items
