# value: ["5 n 2 v   a", "aba"]
["{} {name} {rows[1]} {x[k]} {:>{}}".format(5, "a", 3, name="n", rows=[1, 2], x={"k": "v"}), "{0}{1}{0}".format("a", "b")]
