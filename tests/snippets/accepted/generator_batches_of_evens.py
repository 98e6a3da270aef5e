# value: [[[0, 2, 4], [6, 8, 10], [12, 14]], 20]
def numbers(n):
    for i in range(n):
        yield i
def evens(items):
    return (i for i in items if i % 2 == 0)
def batches(items, size):
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
[list(batches(evens(numbers(15)), 3)), sum(evens(numbers(10)))]
