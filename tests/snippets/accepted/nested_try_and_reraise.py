# value: [1, 1.5, "TypeError('not a number')"]
def parse(text):
    try:
        try:
            return int(text)
        except ValueError:
            return float(text)
    except ValueError as e:
        raise TypeError("not a number") from e
out = []
for t in ("1", "1.5", "x"):
    try:
        out.append(parse(t))
    except TypeError as e:
        out.append(repr(e))
out
