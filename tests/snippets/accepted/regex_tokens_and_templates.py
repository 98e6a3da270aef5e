# value: null
# printed: "<Match: 'akt5q', groups=()> None 7\n[['Ross', 'McFluff', '834.345.1254', '155 Elm Street'], ['Ronald', 'Heathmore', '892.345.3428', '436 Finley Avenue']]\npro--gram files Baked Beans & Spam ['carefully', 'quickly']\n00-09: carefully careful\n10-17: quickly quick\n[('ID', 'x'), ('ASSIGN', ':='), ('NUM', '3.5'), ('OP', '*'), ('ID', 'y')]\n{'a': 'x', 'b': '-'} egg <bab> True (0, 2) (?P<w carefully quickly 0 17 quick!\n"
import re
def displaymatch(m): return None if m is None else f"<Match: {m.group()!r}, groups={m.groups()!r}>"
valid = re.compile(r"^[a2-9tjqk]{5}$")
pair = re.compile(r".*(.).*\1")
print(displaymatch(valid.match("akt5q")), displaymatch(valid.match("akt5e")), pair.match("717ak").group(1))
text = "Ross McFluff: 834.345.1254 155 Elm Street\n\n\nRonald Heathmore: 892.345.3428 436 Finley Avenue"
print([re.split(":? ", e, maxsplit=3) for e in re.split("\n+", text)])
def dashrepl(m): return " " if m.group(0) == "-" else "-"
print(re.sub("-{1,2}", dashrepl, "pro----gram-files"), re.sub(r"\sAND\s", " & ", "Baked Beans And Spam", flags=re.IGNORECASE), re.findall(r"\w+ly\b", "carefully but quickly"))
for m in re.finditer(r"(?P<word>\w+)ly\b", "carefully quickly"): print("%02d-%02d: %s %s" % (m.start(), m.end(), m.group(0), m["word"]))
tok = [("NUM", r"\d+(\.\d*)?"), ("ASSIGN", r":="), ("ID", r"[A-Za-z]+"), ("OP", r"[+\-*/]"), ("SKIP", r"[ \t]+"), ("BAD", r".")]
rx = "|".join("(?P<%s>%s)" % p for p in tok)
print([(m.lastgroup, m.group()) for m in re.finditer(rx, "x := 3.5 * y") if m.lastgroup != "SKIP"])
print(re.match(r"(?P<a>.)(?P<b>.)?", "x").groupdict(default="-"), re.search("(?<=-)\\w+", "spam-egg").group(), re.compile("a(b)").sub(r"<\1\g<0>>", "ab"), re.match("a", "b") is None, re.search(r"(?i:A)b", "ab").span(), m.re.pattern[:5], m.string, m.pos, m.endpos, m.expand(r"\g<word>!") if "word" in m.re.groupindex else "")
