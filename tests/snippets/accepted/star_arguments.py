# value: [1, [2, 3], 4, {"z": 5}]
def f(a, *rest, k=0, **more):
    return [a, list(rest), k, more]

args, kwargs = (1, 2, 3), {"k": 4, "z": 5}
f(*args, **kwargs)
