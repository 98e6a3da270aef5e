# value: [[2, 4], {"b": 2}, false, 1]
xs = [1, 2, 3, 4]
d = {"a": 1, "b": 2}
del xs[0], xs[1:2], d["a"]

class C:
    x = 1

c = C()
c.y = 2
del c.y
[xs, d, hasattr(c, "y"), c.x]
