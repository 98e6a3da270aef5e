# value: ["r", ["f"]]
log = []
def f():
    try:
        return 'r'
    finally:
        log.append('f')
[f(), log]
