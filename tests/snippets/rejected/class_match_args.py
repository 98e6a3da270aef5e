# rejected: line 3: the name `__match_args__` is not available
class C:
    __match_args__ = ("gi_frame",)
