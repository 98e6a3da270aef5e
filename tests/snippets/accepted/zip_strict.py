# value: "ValueError"
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as e:
    r = type(e).__name__
r
