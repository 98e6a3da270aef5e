# value: [1, 0, 1]
log = []
try:
    log.append(1)
finally:
    for n in range(5):
        if n == 2:
            break
        log.append(n)
log
