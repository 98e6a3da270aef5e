# value: [9, "area"]
class Shape:
    def area(self):
        raise NotImplementedError('area')
class Sq(Shape):
    def __init__(self, a): self.a = a
    def area(self): return self.a ** 2
try:
    Shape().area()
except NotImplementedError as e:
    r = str(e)
[Sq(3).area(), r]
