# value: ["a..", "  a", "**a**", "007"]
['a'.ljust(3, '.'), 'a'.rjust(3), 'a'.center(5, '*'), '7'.zfill(3)]
