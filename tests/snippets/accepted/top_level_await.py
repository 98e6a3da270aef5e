# value: [2, 3]
# own: a top-level await
async def f(n):
    return n + 1

first = await f(1)
[first, await 3]
