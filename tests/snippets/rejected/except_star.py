# rejected: line 4: except* is not available
try:
    pass
except* ValueError:
    pass
