# value: "heLL"
"hello".translate(str.maketrans({"l": "L", "o": None}))
