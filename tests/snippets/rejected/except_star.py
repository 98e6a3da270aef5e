# rejected: line 2: except* is not available
try:
    pass
except* ValueError:
    pass
