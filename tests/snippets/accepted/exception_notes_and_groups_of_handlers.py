# value: [1, "index", "type"]
def check(v):
    try:
        return [1, 2][v]
    except IndexError:
        return "index"
    except TypeError as e:
        return "type"

[check(0), check(5), check("x")]
