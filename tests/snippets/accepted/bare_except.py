# value: "caught"
try:
    {}["x"]
except:
    result = "caught"
result
