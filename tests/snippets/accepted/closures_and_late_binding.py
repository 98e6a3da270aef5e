# value: [[2, 2, 2], [0, 1, 2], [6, 8], 6]
late = [lambda: i for i in range(3)]
early = [lambda i=i: i for i in range(3)]
def counter(start=0):
    n = start
    def step(by=1):
        nonlocal n
        n += by
        return n
    def reset():
        nonlocal n
        n = start
    return step, reset
step, reset = counter(5)
out = [step(), step(2)]
reset()
[[f() for f in late], [f() for f in early], out, step()]
