# value: [3, "default", true, false, "ABC"]
class Box:
    size = 3

b = Box()
setattr(b, "color", "red")
before = hasattr(b, "color")
delattr(b, "color")
[getattr(b, "size"), getattr(b, "nope", "default"), before, hasattr(b, "color"), getattr("abc", "upper")()]
