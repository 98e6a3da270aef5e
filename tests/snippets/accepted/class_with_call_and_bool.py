# value: [5, false, [2, 3]]
class F:
    def __init__(self, n): self.n = n
    def __call__(self, x): return x + self.n
    def __bool__(self): return self.n > 0
[F(2)(3), bool(F(0)), list(map(F(1), [1, 2]))]
