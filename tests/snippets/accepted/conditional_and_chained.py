# value: ["yes", false, "t", "d", true, true]
x = 5
["yes" if 1 < x <= 5 else "no", not x, x and "t", None or "d", 3 in [1, 2, 3], x is not None]
