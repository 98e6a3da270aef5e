# value: 165
sum(n * n for n in range(10) if n % 2)
