# value: "1-'x'"
"{a}-{b!r}".format_map({"a": 1, "b": "x"})
