# value: ["k"]
def f():
    try:
        raise KeyError("k")
    except KeyError:
        raise

try:
    f()
except KeyError as e:
    r = e.args
r
