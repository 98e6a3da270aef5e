# value: ["inner", 2, "A"]
from enum import Enum
class Key(Enum):
    A = 'a'
class Names:
    class Inner:
        pass
    key = 'k'
def f(x):
    match x:
        case Names.Inner():
            return 'inner'
        case {Names.key: v}:
            return v
        case Key.A:
            return 'A'
[f(Names.Inner()), f({'k': 2}), f(Key.A)]
