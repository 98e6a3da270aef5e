# rejected: line 7: `continue` out of a finally block is not available
for x in [1]:
    try:
        pass
    finally:
        if x:
            continue
