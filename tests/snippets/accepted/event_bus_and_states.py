# value: "done"
# printed: "['log 7', 'audit 7'] [] [('idle', 'running'), ('running', 'idle')]\nbad transition 'stop' from 'idle'\n"
class EventBus:
    def __init__(self): self._subs = {}
    def on(self, ev):
        def deco(fn):
            self._subs.setdefault(ev, []).append(fn)
            return fn
        return deco
    def emit(self, ev, *a, **k): return [fn(*a, **k) for fn in self._subs.get(ev, [])]
bus = EventBus()
@bus.on("trade")
def log(t): return f"log {t['id']}"
@bus.on("trade")
@bus.on("quote")
def audit(t): return f"audit {t['id']}"
class State:
    transitions = {("idle", "start"): "running", ("running", "stop"): "idle"}
    def __init__(self): self.state, self.history = "idle", []
    def fire(self, ev):
        try:
            new = self.transitions[self.state, ev]
        except KeyError:
            raise ValueError(f"bad transition {ev!r} from {self.state!r}") from None
        self.history.append((self.state, new)); self.state = new
        return self
print(bus.emit("trade", {"id": 7}), bus.emit("none"), State().fire("start").fire("stop").history)
try:
    State().fire("stop")
except ValueError as error:
    print(error)
"done"
