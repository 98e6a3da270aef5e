# value: [1, ["a"]]
import re
pattern = re.compile("(?P<a>x)")
[pattern.groupindex["a"], list(pattern.groupindex)]
