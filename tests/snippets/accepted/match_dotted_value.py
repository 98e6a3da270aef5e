# value: [1, -1, -1, null]
from enum import Enum

class Side(Enum):
    BUY = "buy"
    SELL = "sell"

def sign(side, pair=None):
    match (side, pair):
        case (Side.BUY, None):
            return 1
        case (Side.SELL | Side.BUY, _):
            return -1

[sign(Side.BUY), sign(Side.SELL), sign(Side.BUY, 1), sign("buy")]
