# value: ["KeyError", "IndexError"]
def attempt(f):
    try:
        return f()
    except (KeyError, IndexError) as e:
        return type(e).__name__

[attempt(lambda: {}[1]), attempt(lambda: [][1])]
