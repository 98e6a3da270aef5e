# value: ["in", "body", "ValueError", "in", null]
class Timer:
    def __init__(self):
        self.log = []

    def __enter__(self):
        self.log.append("in")
        return self

    def __exit__(self, kind, error, trace):
        self.log.append(kind.__name__ if kind else None)
        return True

t = Timer()
with t as inner:
    inner.log.append("body")
    raise ValueError("swallowed")
with t:
    pass
t.log
