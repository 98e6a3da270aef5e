# rejected: line 3: `open` is not available
x = 1
open("f").read()
