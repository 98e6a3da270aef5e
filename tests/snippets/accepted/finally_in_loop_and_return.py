# value: [[0, "f0", "f1", 2, "f2", "else"], "try", ["finally ran"]]
def f():
    log = []
    for i in range(3):
        try:
            if i == 1:
                continue
            log.append(i)
        finally:
            log.append(f"f{i}")
    else:
        log.append("else")
    return log
def g():
    try:
        return "try"
    finally:
        out.append("finally ran")
out = []
[f(), g(), out]
