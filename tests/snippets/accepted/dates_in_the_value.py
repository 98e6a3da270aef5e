# value: {"day": "2026-01-02", "price": "1.50", "tags": ["a", "b"], "point": {"x": 1}, "when": {"2026-01-02": 1}}
# own: the JSON form of the value
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

@dataclass
class Point:
    x: int

{"day": date(2026, 1, 2), "price": Decimal("1.50"), "tags": {"b", "a"}, "point": Point(1), "when": {date(2026, 1, 2): 1}}
