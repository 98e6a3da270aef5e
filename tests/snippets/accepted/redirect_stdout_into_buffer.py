# value: ["one\nthree\n", "two\n"]
# printed: "before\nafter\n"
import io
from contextlib import redirect_stdout
outer, inner = io.StringIO(), io.StringIO()
print("before")
with redirect_stdout(outer):
    print("one")
    with redirect_stdout(inner):
        print("two")
    print("three")
print("after")
[outer.getvalue(), inner.getvalue()]
