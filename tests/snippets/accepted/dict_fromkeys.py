# value: {"a": 0, "b": 0}
dict.fromkeys('ab', 0)
