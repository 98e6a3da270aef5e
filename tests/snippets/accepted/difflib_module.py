# value: [["amelia reid", "amelie"], 0.75, [["equal", 0, 1, 0, 1], ["replace", 1, 2, 1, 2]], ["--- ", "+++ ", "@@ -1,2 +1,2 @@", " a", "-b", "+c"], ["- a", "+ b"]]
import difflib
from difflib import SequenceMatcher, get_close_matches, unified_diff
[
    get_close_matches("amelai red", ["amelia reid", "ben okafor", "amelie"], n=2, cutoff=0.5),
    round(SequenceMatcher(None, "abcd", "bcde").ratio(), 3),
    SequenceMatcher(a="ab", b="ac").get_opcodes(),
    list(unified_diff(["a", "b"], ["a", "c"], lineterm="")),
    [line for line in difflib.ndiff(["a"], ["b"])],
]
