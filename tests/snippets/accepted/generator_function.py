# value: [0, 1, 2, "x", "y"]
def pages(n):
    for page in range(n):
        yield page
    yield from ("x", "y")

list(pages(3))
