# value: [true, ["OPEN", "CLOSED"], true, "OPEN", true]
from enum import Enum
class Status(Enum):
    OPEN = "open"
    CLOSED = "closed"
    @property
    def is_final(self):
        return self is Status.CLOSED
    @classmethod
    def from_text(cls, text):
        return next((m for m in cls if m.value == text.lower()), None)
["OPEN" in Status.__members__, list(Status.__members__), Status.from_text("Closed").is_final, Status["OPEN"].name, Status("open") is Status.OPEN]
