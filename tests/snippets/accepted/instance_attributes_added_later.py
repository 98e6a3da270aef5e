# value: [6, false, "none"]
class Bag: pass
b = Bag()
b.x = 1
setattr(b, 'y', 2)
b.x += 5
del b.y
[b.x, hasattr(b, 'y'), getattr(b, 'z', 'none')]
