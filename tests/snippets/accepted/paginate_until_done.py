# value: [1, 2, 3]
pages = {1: ([1, 2], 2), 2: ([3], None)}
out, page = [], 1
while page is not None:
    items, page = pages[page]
    out += items
out
