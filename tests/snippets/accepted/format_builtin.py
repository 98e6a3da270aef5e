# value: ["3.142", "007", "x"]
[format(3.14159, ".3f"), format(7, "03d"), format("x")]
