# value: ["size 3", 3, "size 3", "TooSmall"]
class TooSmall(ValueError):
    def __init__(self, size):
        super().__init__(f"size {size}")
        self.size = size

try:
    raise TooSmall(3)
except ValueError as e:
    result = [str(e), e.size, e.args[0], e.__class__.__name__]
result
