# rejected: line 2: the name `__loader__` is not available
from json import __loader__
