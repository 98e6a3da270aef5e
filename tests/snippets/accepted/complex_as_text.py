# value: "(5+5j)"
str((1 + 2j) * (3 - 1j))
