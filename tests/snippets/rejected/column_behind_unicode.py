# rejected: line 2: the attribute `__globals__` is not available
"日本語", print.__globals__
