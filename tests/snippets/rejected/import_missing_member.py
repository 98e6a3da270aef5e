# rejected: line 2: `functools.singledispatch` is not available
from functools import singledispatch
