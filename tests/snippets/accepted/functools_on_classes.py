# value: [true, true, 6, 6]
from functools import cached_property, total_ordering

@total_ordering
class Size:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        return self.n == o.n

    def __lt__(self, o):
        return self.n < o.n

    @cached_property
    def double(self):
        return self.n * 2

s = Size(3)
[Size(1) <= Size(2), Size(3) > Size(2), s.double, s.double]
