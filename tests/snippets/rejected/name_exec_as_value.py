# rejected: line 2: `exec` is not available
list(map(exec, ["x"]))
