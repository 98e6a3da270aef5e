# value: [["A", "B", "C"], ["out", "odd", "even", "other"], "no break", true, true, "last", 0]
def grade(n):
    return "A" if n >= 90 else "B" if n >= 80 else "C"
def check(x):
    if not 0 <= x < 10:
        return "out"
    elif x in (1, 3, 5) and x is not None:
        return "odd"
    else:
        return "even" if x % 2 == 0 else "other"
for n in range(3):
    if n == 5:
        break
else:
    ended = "no break"
[[grade(n) for n in (95, 85, 10)], [check(x) for x in (-1, 3, 4, 7)], ended, not [], 1 < 2 < 3 != 4, "" or [] or "last", 0 and 1]
