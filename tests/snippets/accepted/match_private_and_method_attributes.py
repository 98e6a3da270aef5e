# value: [3, [1, 2]]
class P:
    def __init__(self):
        self._n = 3
        self.items = [1, 2]
def f(p):
    match p:
        case P(_n=4):
            return 'four'
        case P(_n=n, items=xs):
            return [n, xs]
f(P())
