# value: [2, 7.0, "B"]
from dataclasses import dataclass, field
@dataclass
class Position:
    symbol: str
    quantity: int
    price: float
    @property
    def value(self) -> float:
        return self.quantity * self.price
@dataclass
class Portfolio:
    owner: str
    positions: list[Position] = field(default_factory=list)
    def add(self, position: Position) -> "Portfolio":
        self.positions.append(position)
        return self
    def __len__(self):
        return len(self.positions)
    def __iter__(self):
        return iter(self.positions)
p = Portfolio("Ana").add(Position("A", 2, 1.5)).add(Position("B", 1, 4))
[len(p), sum(x.value for x in p), max(p, key=lambda x: x.value).symbol]
