# rejected: line 2: `globals` is not available
globals()["x"] = 1
