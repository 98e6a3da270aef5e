# value: [6, 6]
class V:
    def __init__(self, x):
        self.x = x

    def __mul__(self, n):
        return V(self.x * n)

    __rmul__ = __mul__
    __hash__ = None

[(V(2) * 3).x, (3 * V(2)).x]
