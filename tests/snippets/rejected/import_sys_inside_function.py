# rejected: line 3: `sys` is not available
def f():
    import sys
