# value: ["abc", "0123456789", "A B"]
import string

[string.ascii_lowercase[:3], string.digits, string.capwords("a b")]
