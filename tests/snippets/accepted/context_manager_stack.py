# value: ["+a", "+b", "AB", "!k", "-b", "-a"]
from contextlib import contextmanager
log = []
@contextmanager
def step(name):
    log.append(f"+{name}")
    try:
        yield name.upper()
    except KeyError as error:
        log.append(f"!{error.args[0]}")
    finally:
        log.append(f"-{name}")
with step("a") as a, step("b") as b:
    log.append(a + b)
    {}["k"]
log
