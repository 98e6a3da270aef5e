# value: ["unset", {"a": 1}]
try:
    nothing_here
    state = "set"
except NameError:
    state = "unset"
try:
    config
except NameError:
    config = {"a": 1}
[state, config]
