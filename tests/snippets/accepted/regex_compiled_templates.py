# value: ["Amelia Reid; Edgar Poe", "Amelia-Reid", 1, "Amelia", [[0, 7]]]
import re
pattern = re.compile(r"(?P<last>\w+), (?P<first>\w+)")
names = pattern.sub(r"\g<first> \g<last>", "Reid, Amelia; Poe, Edgar")
swapped, count = pattern.subn(r"\2-\1", "Reid, Amelia")
[names, swapped, count, pattern.match("Reid, Amelia").expand(r"\2"), [m.span() for m in pattern.finditer("Poe, Ed")]]
