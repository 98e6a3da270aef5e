# value: [["a", "b"], ["open a", "open b", "called", null, "close b", "close a", "open c", "open d", "d saw bad", "close d", "c saw bad", "close c", null, "division by zero", "later", "kept"]]
from contextlib import ExitStack, contextmanager
log = []
@contextmanager
def resource(name, swallow=False):
    log.append(f"open {name}")
    try:
        yield name
    except ValueError as e:
        log.append(f"{name} saw {e}")
        if not swallow:
            raise
    finally:
        log.append(f"close {name}")
class Manager:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): log.append(kind.__name__ if kind else None)
with ExitStack() as stack:
    names = [stack.enter_context(resource(n)) for n in "ab"]
    stack.enter_context(Manager())
    stack.callback(log.append, "called")
with ExitStack() as stack:
    stack.enter_context(Manager())
    stack.enter_context(resource("c", swallow=True))
    stack.enter_context(resource("d"))
    raise ValueError("bad")
try:
    with ExitStack() as stack:
        stack.callback(lambda: 1 / 0)
        raise KeyError("k")
except ZeroDivisionError as e:
    log.append(str(e))
with ExitStack() as stack:
    stack.callback(log.append, "kept")
    kept = stack.pop_all()
log.append("later")
kept.close()
[names, log]
