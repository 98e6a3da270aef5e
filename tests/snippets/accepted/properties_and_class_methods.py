# value: [32.0, 100.0, "C"]
class Temp:
    def __init__(self, c):
        self._c = c

    @property
    def f(self):
        return self._c * 9 / 5 + 32

    @f.setter
    def f(self, value):
        self._c = (value - 32) * 5 / 9

    @classmethod
    def zero(cls):
        return cls(0)

    @staticmethod
    def unit():
        return "C"

t = Temp.zero()
before = t.f
t.f = 212
[before, t._c, Temp.unit()]
