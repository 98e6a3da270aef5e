# value: ["value", ["cleaned"]]
log = []

def f():
    try:
        return "value"
    finally:
        log.append("cleaned")

[f(), log]
