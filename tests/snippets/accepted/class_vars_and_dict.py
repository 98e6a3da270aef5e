# value: [true, {"x": 1, "y": 5}, 1]
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __eq__(self, other):
        return isinstance(other, Point) and self.__dict__ == other.__dict__
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))
    def to_dict(self):
        return dict(vars(self))
p = Point(1, 2)
p.__dict__["y"] = 5
[Point(1, 5) == p, p.to_dict(), len({p, Point(1, 5)})]
