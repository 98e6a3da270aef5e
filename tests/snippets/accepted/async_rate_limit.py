# value: "done"
# printed: "([0, 1, 2, 4], [\"ValueError('bad 3')\"], 5, True, 's')\n"
import asyncio, time
class RateLimiter:
    def __init__(self, n): self.sem, self.calls = asyncio.Semaphore(n), 0
    async def __aenter__(self):
        await self.sem.acquire(); self.calls += 1
        return self
    async def __aexit__(self, *exc): self.sem.release()
async def fetch(lim, i):
    async with lim:
        await asyncio.sleep(0.001)
        if i == 3: raise ValueError(f"bad {i}")
        return i
async def main():
    lim = RateLimiter(2)
    res = await asyncio.gather(*(fetch(lim, i) for i in range(5)), return_exceptions=True)
    ok = [r for r in res if not isinstance(r, Exception)]
    bad = [repr(r) for r in res if isinstance(r, Exception)]
    ev = asyncio.Event()
    async def setter():
        await asyncio.sleep(0); ev.set()
    await asyncio.gather(ev.wait(), setter())
    shielded = await asyncio.shield(asyncio.sleep(0, "s"))
    return ok, bad, lim.calls, ev.is_set(), shielded
if __name__ == "__main__":
    print(asyncio.run(main()))
"done"
