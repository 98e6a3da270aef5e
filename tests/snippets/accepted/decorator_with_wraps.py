# value: [2, "one", "Gives one."]
import functools

def traced(f):
    @functools.wraps(f)
    def inner(*a):
        return f(*a) + 1
    return inner

@traced
def one():
    """Gives one."""
    return 1

[one(), one.__name__, one.__doc__]
