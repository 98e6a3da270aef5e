# value: "bad"
try:
    try:
        int('x')
    except ValueError as e:
        raise RuntimeError('bad') from e
except RuntimeError as e:
    r = str(e)
r
