# value: [[9, 36, 81, 144], 24]

import itertools, functools, operator
class Lazy:
    def __init__(self, it): self.it = it
    def map(self, f): return Lazy(map(f, self.it))
    def filter(self, f): return Lazy(filter(f, self.it))
    def take(self, n): return Lazy(itertools.islice(self.it, n))
    def reduce(self, f, *init): return functools.reduce(f, self.it, *init)
    def to_list(self): return list(self.it)
[Lazy(itertools.count(1)).filter(lambda x: x % 3 == 0).map(lambda x: x ** 2).take(4).to_list(), Lazy([1,2,3,4]).reduce(operator.mul, 1)]
