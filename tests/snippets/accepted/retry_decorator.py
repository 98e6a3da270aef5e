# value: "ok"
# printed: "flaky attempt 1: no 1\nflaky attempt 2: no 2\n"
import functools, time
def retry(times, errors=(ValueError,)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(1, times + 1):
                try:
                    return function(*args, **kwargs)
                except errors as error:
                    last = error
                    print(f"{function.__name__} attempt {attempt}: {error}")
            raise RuntimeError(f"gave up after {times}") from last
        return wrapper
    return decorate
state = {"n": 0}
@retry(3)
def flaky():
    state["n"] += 1
    if state["n"] < 3:
        raise ValueError(f"no {state['n']}")
    return "ok"
flaky()
