# value: ["The quick brown...", ["The quick brown", "fox jumps over", "the lazy dog"], "A Bc D", "tHE qUICK", "a b c", ".......jumps over the lazy dog"]
import textwrap, string
text = textwrap.dedent("""
    The quick brown fox
    jumps over the lazy dog
""").strip()
[textwrap.shorten(text, 20, placeholder="..."), textwrap.fill(text.replace("\n", " "), 16).splitlines(), string.capwords("a bc d"), text.title().swapcase()[:9], "a-b_c".translate(str.maketrans("-_", "  ")), text.partition("\n")[2].rjust(30, ".")]
