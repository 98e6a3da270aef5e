# value: [["IDLE", "start", "RUN"], ["RUN", "pause", "IDLE"], ["IDLE", "start", "RUN"], ["RUN", "stop", "DONE"], "'start' in DONE"]
from enum import Enum, auto
class S(Enum):
    IDLE = auto()
    RUN = auto()
    DONE = auto()
moves = {(S.IDLE, "start"): S.RUN, (S.RUN, "stop"): S.DONE, (S.RUN, "pause"): S.IDLE}
class Machine:
    def __init__(self):
        self.state, self.history = S.IDLE, []
    def send(self, event):
        try:
            after = moves[self.state, event]
        except KeyError:
            raise ValueError(f"{event!r} in {self.state.name}") from None
        self.history.append((self.state.name, event, after.name))
        self.state = after
        return self
m = Machine().send("start").send("pause").send("start").send("stop")
try:
    m.send("start")
except ValueError as e:
    m.history.append(str(e))
m.history
