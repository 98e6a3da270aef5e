# rejected: line 3: `async with` outside an async function is not available
def f(x):
    async with x: pass
