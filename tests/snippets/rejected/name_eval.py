# rejected: line 2: `eval` is not available
eval("1")
