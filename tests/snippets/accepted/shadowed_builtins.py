# value: ["CL-1", 1, 3]
list_ = [1]
id = "CL-1"
type_ = "x"
input = {"a": 1}
max = 3
[id, input["a"], max]
