# value: null
# printed: "([0, 10, 30], ['ValueError: two'], [0, 1, 2], True, True, True)\n"

async def fetch(n):
    if n == 2: raise ValueError("two")
    return n * 10
import asyncio
async def main():
    results = await asyncio.gather(*map(fetch, range(4)), return_exceptions=True)
    ok = [r for r in results if not isinstance(r, Exception)]
    bad = [f"{type(r).__name__}: {r}" for r in results if isinstance(r, Exception)]
    q = asyncio.Queue()
    async def prod():
        for i in range(3): await q.put(i)
        await q.put(None)
    async def cons():
        got = []
        while (x := await q.get()) is not None: got.append(x)
        return got
    _, got = await asyncio.gather(prod(), cons())
    ev = asyncio.Event(); ev.set(); await ev.wait()
    lock = asyncio.Lock()
    async with lock: locked = lock.locked()
    t = asyncio.create_task(asyncio.sleep(10)); t.cancel()
    try: await t
    except asyncio.CancelledError: c = True
    try:
        async with asyncio.timeout(0.01): await asyncio.sleep(1)
    except TimeoutError: to = True
    return ok, bad, got, locked, c, to
print(asyncio.run(main()))
