# value: [true, true, false]
from collections.abc import Mapping, Iterable
import collections.abc

[isinstance({}, Mapping), isinstance([], Iterable), isinstance(3, collections.abc.Sequence)]
