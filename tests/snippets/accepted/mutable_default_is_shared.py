# value: [1, 2]
def f(x, seen=[]):
    seen.append(x)
    return len(seen)
[f(1), f(2)]
