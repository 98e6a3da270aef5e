# value: "RuntimeError: bad input"
try:
    try:
        int("x")
    except ValueError as e:
        raise RuntimeError("bad input") from e
except RuntimeError as e:
    text = f"{type(e).__name__}: {e}"
text
