# value: "done"
n = 3
while n:
    n -= 1
else:
    r = 'done'
r
