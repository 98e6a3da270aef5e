# rejected: line 6: `return` out of a finally block is not available
def f():
    try:
        pass
    finally:
        return 1
