# value: [[0, 1, 2], 0, [5, 6]]
import asyncio
async def f(n):
    await asyncio.sleep(0)
    return n
async def main():
    done, pending = await asyncio.wait([asyncio.create_task(f(n)) for n in range(3)])
    got = [await c for c in asyncio.as_completed([f(5), f(6)])]
    return [sorted(t.result() for t in done), len(pending), sorted(got)]
asyncio.run(main())
