# value: [[2, [3]], ["b", {"u": 1}], "text", "const", "num", null]
def f(x):
    match x:
        case [1 | 2 as n, *rest]:
            return [n, rest]
        case {'t': 'a' | 'b' as t, **more}:
            return [t, more]
        case str() | bytes():
            return 'text'
        case None | True:
            return 'const'
        case -1 | 2.5:
            return 'num'
[f([2, 3]), f({'t': 'b', 'u': 1}), f('x'), f(None), f(-1), f([])]
