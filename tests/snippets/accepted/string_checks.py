# value: [[true, true, false, false, false, true], ["", "42", "apple", "Banana", "cherry pie", "na\u00efve"], ["Apple", "Banana", "Cherry pie", "42", "Na\u00efve"], "cxbxa", "A is 3 years and 99.5%", "1-  'b'", "tab x", ["a", "b", "", "c"], "x"]
words = ["apple", "Banana", "cherry pie", "42", "", "naïve"]
[[w.isalpha() for w in words], sorted(words, key=str.casefold), [w[:1].upper() + w[1:] for w in words if w], "x".join(reversed("abc")), "%s is %d years and %.1f%%" % ("A", 3, 99.5), "{0}-{name!r:>5}".format(1, name="b"), "tab\tx".expandtabs(4), "a,b,,c".split(","), " x ".strip() or "none"]
