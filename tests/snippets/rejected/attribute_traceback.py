# rejected: line 5: the attribute `__traceback__` is not available
try:
    1 / 0
except Exception as e:
    e.__traceback__
