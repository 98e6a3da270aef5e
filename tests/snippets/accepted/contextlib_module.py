# value: ["in a", "caught", "out", 5]
from contextlib import contextmanager, suppress, nullcontext
log = []
@contextmanager
def step(name):
    log.append('in ' + name)
    try:
        yield name
    except ValueError:
        log.append('caught')
    finally:
        log.append('out')
with step('a') as n:
    raise ValueError
with suppress(KeyError, IndexError):
    [][1]
with nullcontext(5) as five:
    log.append(five)
log
