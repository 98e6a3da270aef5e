# value: "none"
class P:
    pass
match P():
    case P(x=1):
        r = 'x'
    case P(_hidden=h):
        r = 'hidden'
    case _:
        r = 'none'
r
