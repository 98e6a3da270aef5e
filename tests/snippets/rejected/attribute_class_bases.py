# rejected: line 2: the attribute `__bases__` is not available
().__class__.__bases__
