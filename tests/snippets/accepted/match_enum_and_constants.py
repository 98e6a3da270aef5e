# value: ["buy", "sell", "ok", "number", "number", "down", "X", null]
from enum import Enum
class Side(Enum):
    BUY = 1
    SELL = 2
class Codes:
    OK = 200
def say(value):
    match value:
        case Side.BUY:
            return "buy"
        case Side.SELL:
            return "sell"
        case Codes.OK:
            return "ok"
        case -1 | 1.5:
            return "number"
        case (x, y) if x > y:
            return "down"
        case str(text):
            return text.upper()
[say(v) for v in (Side.BUY, Side.SELL, 200, -1, 1.5, (2, 1), "x", 7)]
