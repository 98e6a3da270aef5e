# value: ["Zoe Muller", "Lu", "LATIN SMALL LETTER E WITH ACUTE"]
import unicodedata
def plain(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
[plain("Zoë Müller"), unicodedata.category("A"), unicodedata.name("é")]
