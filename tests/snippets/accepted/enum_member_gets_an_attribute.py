# value: [4, 3, 3, ["OPEN"], 9]
from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    OPEN = 1
    CLOSED = 2


class Level(int, Enum):
    LOW = 1


@dataclass
class Order:
    status: Status
    level: Level = Level.LOW


def look():
    return Status.OPEN.seen + 1


order = Order(Status.OPEN)
Status.OPEN.seen = 3
Level.LOW.weight = 9
[look(), Status.OPEN.seen, order.status.seen, [s.name for s in Status if hasattr(s, "seen")], order.level.weight]
