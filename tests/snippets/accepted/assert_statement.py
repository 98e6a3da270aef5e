# value: "no"
try:
    assert 1 > 2, "no"
except AssertionError as e:
    r = str(e)
r
