# value: [1, "end"]
def inner():
    yield 1
    return 'end'
def outer():
    r = yield from inner()
    yield r
list(outer())
