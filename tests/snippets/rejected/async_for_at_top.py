# rejected: line 2: `async for` outside an async function is not available
async for x in y: pass
