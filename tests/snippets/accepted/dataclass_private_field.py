# value: [[3, 5], ["_Counted__count", "label"], "Counted(_Counted__count=4, label='x')", [1, ["a"]]]
import re
from dataclasses import dataclass, fields
@dataclass
class Counted:
    __count: int = 3
    label: str = "x"
    def count(self):
        return self.__count
pattern = re.compile("(?P<a>x)")
[
    [Counted().count(), Counted(5).count()],
    [field.name for field in fields(Counted)],
    repr(Counted(4)),
    [pattern.groupindex["a"], list(pattern.groupindex)],
]
