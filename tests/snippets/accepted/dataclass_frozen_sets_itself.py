# value: [{"amount": 3.0, "currency": "EUR"}, "currencies differ", "FrozenInstanceError", 1]
from dataclasses import dataclass
@dataclass(frozen=True)
class Money:
    amount: float
    currency: str = "EUR"
    def __post_init__(self):
        object.__setattr__(self, "currency", self.currency.upper())
        object.__setattr__(self, "amount", round(self.amount, 2))
    def __add__(self, other):
        if self.currency != other.currency:
            raise ValueError("currencies differ")
        return Money(self.amount + other.amount, self.currency)
try:
    Money(1, "eur") + Money(1, "usd")
except ValueError as e:
    problem = str(e)
try:
    Money(1).amount = 2
except Exception as e:
    frozen = type(e).__name__
[Money(1.005, "eur") + Money(2), problem, frozen, len({Money(1), Money(1)})]
