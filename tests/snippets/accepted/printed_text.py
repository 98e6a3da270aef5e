# value: "value"
# printed: "a 1\nb-c!\n"
print("a", 1)
print("b", "c", sep="-", end="!\n")
"value"
