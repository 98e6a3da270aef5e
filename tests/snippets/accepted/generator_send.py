# value: [10.0, 15.0]
def averager():
    total = count = 0
    value = None
    while True:
        got = yield value
        total += got
        count += 1
        value = total / count

g = averager()
next(g)
[g.send(10), g.send(20)]
