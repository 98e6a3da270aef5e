# rejected: line 2: `async for` outside an async function is not available
[x async for x in y]
