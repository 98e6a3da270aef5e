# value: [1, 2]
def a():
    n = 0
    def b():
        def c():
            nonlocal n
            n += 1
            return n
        return c
    return b()
f = a()
[f(), f()]
