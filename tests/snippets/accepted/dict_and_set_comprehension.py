# value: [{"apple": 5, "bob": 3, "cat": 3}, ["a", "b", "c"]]
words = ["apple", "bob", "apple", "cat"]
[{w: len(w) for w in words}, sorted({w[0] for w in words})]
