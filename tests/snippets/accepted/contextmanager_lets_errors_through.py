# value: ["k"]
from contextlib import contextmanager
@contextmanager
def m():
    yield 1
try:
    with m():
        raise KeyError('k')
except KeyError as e:
    r = e.args
list(r)
