# value: null
# printed: "inner finally\nTypeError('b') ValueError('a')\nouter finally\ngen fin 1\ngen fin 2\ngen fin 1\ngen fin 2\n[1, 2]\n"
try:
    try:
        raise ValueError("a")
    finally:
        print("inner finally")
except ValueError as e:
    err = e
    try:
        raise TypeError("b") from e
    except TypeError as e2:
        print(repr(e2), repr(err))
else:
    print("never")
finally:
    print("outer finally")
def f():
    for i in (1, 2):
        try:
            yield i
        finally:
            print("gen fin", i)
for v in f():
    if v == 1: continue
print([v for v in f()])
