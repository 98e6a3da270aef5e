# value: "seven"
x = 7
if x == 1:
    r = 1
elif x == 2:
    r = 2
elif x == 3:
    r = 3
elif x == 7:
    r = "seven"
else:
    r = 0
r
