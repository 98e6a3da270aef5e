# value: ["open", "close", "open", "close", "open", "value error", "close", "stopped"]
log = []
def reader():
    log.append("open")
    try:
        for i in range(5):
            yield i
    except ValueError:
        log.append("value error")
    finally:
        log.append("close")
for i in reader():
    if i == 2:
        break
g = reader()
next(g)
g.close()
h = reader()
next(h)
try:
    h.throw(ValueError("x"))
except StopIteration:
    log.append("stopped")
log
