# value: ["abstract", 105.0, [["Bond", "A"], ["Bond", "B"]]]
from abc import ABC, abstractmethod
from dataclasses import dataclass
@dataclass
class Instrument(ABC):
    symbol: str
    quantity: float = 1
    @abstractmethod
    def value(self) -> float:
        return self.quantity
@dataclass
class Bond(Instrument):
    coupon: float = 0.05
    def value(self):
        return super().value() * (1 + self.coupon)
try:
    Instrument("X")
    r = "made"
except TypeError:
    r = "abstract"
[r, Bond("B", 100).value(), sorted((type(i).__name__, i.symbol) for i in [Bond("B"), Bond("A")])]
