# value: [0, [1, 2, 3, 4], 5, 3, 3, [0, 1, "x", 5, 6, 7, 8], [8, 5, 0], "h", [1, 2, [3], 4, {"d": 5}], [1, 2, [], 0, {"e": 3}]]
first, *middle, last = range(6)
(a, b), c = (1, 2), [3]
xs = list(range(10))
xs[2:5] = ["x"]
del xs[-1]
head, *_ = "hello"
def f(a, /, b, *args, c=0, **kw):
    return [a, b, args, c, kw]
[first, middle, last, a + b, *c, xs, xs[::-3], head, f(1, 2, 3, c=4, d=5), f(*[1, 2], **{"e": 3})]
