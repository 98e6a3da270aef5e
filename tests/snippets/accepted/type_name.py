# value: ["int", true, "Point", "Point", "Point", true]
class Point:
    pass

[type(3).__name__, type("x") is str, type(Point()).__name__, Point().__class__.__name__, Point.__name__, type([]) == list]
