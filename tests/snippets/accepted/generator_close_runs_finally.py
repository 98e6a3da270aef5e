# value: ["closed"]
log = []

def source():
    try:
        yield 1
    finally:
        log.append("closed")

g = source()
next(g)
g.close()
log
