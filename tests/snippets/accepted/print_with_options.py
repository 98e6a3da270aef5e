# value: "v"
# printed: "a-b!\n1, 2, {'k': None}\n"
print('a', 'b', sep='-', end='!')
print()
print(*[1, 2], {'k': None}, sep=', ')
'v'
