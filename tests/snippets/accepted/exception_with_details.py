# value: [1, "fine", "done", ["NotFound", "[404] missing {'key': 'b'}", ["missing"]], "done"]
class AppFailure(Exception):
    code = 1
    def __init__(self, message, **details):
        super().__init__(message)
        self.details = details
class NotFound(AppFailure):
    code = 404
    def __str__(self):
        return f"[{self.code}] {super().__str__()} {self.details}"
def find(k):
    try:
        return {"a": 1}[k]
    except KeyError as e:
        raise NotFound("missing", key=k) from e
results = []
for k in ("a", "b"):
    try:
        results.append(find(k))
    except AppFailure as e:
        results.append((type(e).__name__, str(e), e.args))
    else:
        results.append("fine")
    finally:
        results.append("done")
results
