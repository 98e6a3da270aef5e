# rejected: line 4: no binding for nonlocal 'x' found
x = 1
def f():
    nonlocal x
