# value: [3, ["timeout", "refused"], 1219, ["a", "b", "c"]]
import re
log = """2026-01-02 ERROR db: timeout (1200ms)
2026-01-02 INFO web: ok (12ms)
2026-01-03 ERROR web: refused (7ms)"""
line = re.compile(r"^(?P<day>\S+) (?P<level>[A-Z]+) (?P<part>\w+): (?P<text>.*?) \((?P<ms>\d+)ms\)$", re.M)
found = [m.groupdict() for m in line.finditer(log)]
[len(found), [f["text"] for f in found if f["level"] == "ERROR"], sum(int(f["ms"]) for f in found), re.split(r"[,;]\s*", "a, b;c")]
