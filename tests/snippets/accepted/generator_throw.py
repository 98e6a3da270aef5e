# value: "v"
def g():
    try:
        yield 1
    except ValueError as e:
        yield str(e)
x = g()
next(x)
x.throw(ValueError('v'))
