# value: [2, "namespace(a=2, c=[1])", true, true, {"a": 2, "c": [1]}, false, null, "SimpleNamespace"]
from types import SimpleNamespace
s = SimpleNamespace(a=1, b="x")
s.c = [s.a]
s.a += 1
del s.b
[s.a, repr(s), s == SimpleNamespace(a=2, c=[1]), s != SimpleNamespace(), vars(s), hasattr(s, "b"), getattr(s, "z", None), type(s).__name__]
