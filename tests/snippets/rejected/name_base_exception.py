# rejected: line 4: `BaseException` is not available
try:
    pass
except BaseException:
    pass
