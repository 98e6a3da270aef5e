# rejected: line 6: `break` out of a finally block is not available
while True:
    try:
        pass
    finally:
        break
