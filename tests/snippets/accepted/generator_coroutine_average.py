# value: [10.0, 15.0, 30.0, 90.0]
def averager():
    total, count, average = 0.0, 0, None
    while True:
        value = yield average
        if value is None:
            return total
        total += value
        count += 1
        average = total / count
a = averager()
next(a)
seen = [a.send(v) for v in (10, 20, 60)]
try:
    a.send(None)
except StopIteration as stop:
    seen.append(stop.value)
seen
