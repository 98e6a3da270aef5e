# value: "early"
# printed: "cleaned\n"
# own: a top-level return
try:
    return "early"
except:
    return "caught"
finally:
    print("cleaned")
