# value: ["fine", "done", "division by zero", "done"]
log = []
for n in (1, 0):
    try:
        10 / n
    except ZeroDivisionError as e:
        log.append(str(e))
    else:
        log.append("fine")
    finally:
        log.append("done")
log
