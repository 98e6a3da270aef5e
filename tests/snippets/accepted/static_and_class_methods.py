# value: [3, 4, 7]
class T:
    unit = 'x'
    @staticmethod
    def add(a, b): return a + b
    @classmethod
    def make(cls, n):
        t = cls()
        t.n = n
        return t
[T.add(1, 2), T.make(4).n, T().add(3, 4)]
