# value: [4, "neg"]
class C:
    def __init__(self): self._x = 0
    @property
    def x(self): return self._x
    @x.setter
    def x(self, v):
        if v < 0:
            raise ValueError('neg')
        self._x = v
c = C()
c.x = 3
c.x += 1
try:
    c.x = -1
except ValueError as e:
    r = str(e)
[c.x, r]
