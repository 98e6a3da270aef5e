# value: ["<1>", "<2>"]
list(map("<{}>".format, [1, 2]))
