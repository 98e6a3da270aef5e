# value: [true, 5]
found = any((hit := x) > 3 for x in [1, 5, 2])
[found, hit]
