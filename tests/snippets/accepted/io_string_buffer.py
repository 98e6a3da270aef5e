# value: ["a-1\n", "second\nxy", 13, ["one", "two"], "ab", "I/O operation on closed file", true, "", ["p\n", "q"], "z\n"]
import io
buffer = io.StringIO()
print("a", 1, sep="-", file=buffer)
buffer.write("second\n")
buffer.writelines(["x", "y"])
buffer.seek(0)
first = buffer.readline()
rest = buffer.read()
at = buffer.tell()
lines = [line.rstrip() for line in io.StringIO("one\ntwo\n")]
with io.StringIO("abc") as other:
    part = other.read(2)
try:
    other.read()
except ValueError as e:
    closed = str(e)
buffer.seek(0)
buffer.truncate()
[first, rest, at, lines, part, closed, other.closed, buffer.getvalue(), io.StringIO("p\nq").readlines(), next(io.StringIO("z\n"))]
