# value: ["a", "a"]
def times(n):
    def wrap(f):
        def inner(*a):
            return [f(*a) for _ in range(n)]
        return inner
    return wrap
@times(2)
def hi(x):
    return x
hi('a')
