# value: [true, true, true, true, true]
['12'.isdigit(), 'ab'.isalpha(), 'A'.isupper(), ' '.isspace(), 'a1'.isalnum()]
