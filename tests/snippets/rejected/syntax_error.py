# rejected: line 3: '(' was never closed
x = 1
print(
