# value: "differs"
try:
    assert 1 == 2, 'differs'
except AssertionError as e:
    r = str(e)
r
