# value: [["Amelia", "Reid"], "a-b-c", "am3lia r3id", ["a", ",", "b"], "**x**", true, 1, "SS", "001", "aB", ["a", "b"]]
s = " Amelia Reid "
[s.strip().split(), "-".join("abc"), s.strip().lower().replace("e", "3"), "a,b".partition(","), "x".center(5, "*"), s.strip().startswith("Am"), "abc".index("b"), "ß".upper(), "1".zfill(3), "Ab".swapcase(), "a\nb".splitlines()]
