# value: [1, 2, 2]
class C:
    n = 0
    def __init__(self):
        C.n += 1
        self.id = C.n
[C().id, C().id, C.n]
