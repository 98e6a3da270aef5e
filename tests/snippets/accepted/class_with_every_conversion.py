# value: [10.0, 11.0, "10.0°", 10, 10.0, 10.0, 10, -10.0, false, 1, false, true, 1, "10.0°"]

class Temp:
    def __init__(self, c): self.c = c
    @classmethod
    def from_f(cls, f): return cls((f - 32) * 5 / 9)
    @property
    def f(self): return self.c * 9 / 5 + 32
    @f.setter
    def f(self, v): self.c = (v - 32) * 5 / 9
    def __eq__(self, o): return NotImplemented if not isinstance(o, Temp) else self.c == o.c
    def __lt__(self, o): return self.c < o.c
    def __hash__(self): return hash(self.c)
    def __int__(self): return int(self.c)
    def __float__(self): return float(self.c)
    def __round__(self, n=0): return round(self.c, n)
    def __index__(self): return int(self.c)
    def __neg__(self): return Temp(-self.c)
    def __enter__(self): return self
    def __exit__(self, *a): return False
    def __call__(self, x): return self.c + x
    def __bool__(self): return self.c != 0
    def __str__(self): return f"{self.c}°"
t = Temp.from_f(212); t.f = 50
with t as tt: k = tt(1)
[t.c, k, str(t), int(t), float(t), round(t, 1), [0]*11 and list(range(20))[t], (-t).c, bool(Temp(0)), sorted([Temp(3), Temp(1)])[0].c, Temp(1) == 1, Temp(1) != Temp(2), len({Temp(1), Temp(1)}), f"{t}"]
