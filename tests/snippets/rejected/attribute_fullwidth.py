# rejected: line 2: the attribute `__globals__` is not available
(lambda: 0).__ｇｌｏｂａｌｓ__
