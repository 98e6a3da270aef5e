# value: ["2026", ["2026", "03"], [3, 10], ["a", "b"], "a2b3", ["a", "b", "c"], "xx", "a\\.b"]
import re

m = re.search(r"(?P<y>\d{4})-(\d\d)", "on 2026-03-01", re.IGNORECASE)
[m.group("y"), m.groups(), m.span(), re.findall(r"\w+", "a b"), re.sub(r"\d", lambda m: str(int(m.group()) + 1), "a1b2"), re.split(r",\s*", "a, b,c"), re.compile("x+").fullmatch("xx").group(0), re.escape("a.b")]
