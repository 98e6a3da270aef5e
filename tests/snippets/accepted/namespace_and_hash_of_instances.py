# value: ["K(1)", "[K(2)]", "  K(3)", "K(4) K(5)"]
class K:
    def __init__(self, v): self.v = v
    def __repr__(self): return f'K({self.v})'
[repr(K(1)), str([K(2)]), f'{K(3)!r:>6}', '%s %r' % (K(4), K(5))]
