# value: [0, 1, 2, 3]
import asyncio
async def main():
    sem, queue, out = asyncio.Semaphore(2), asyncio.Queue(), []
    async def work(n):
        async with sem:
            await asyncio.sleep(0)
            await queue.put(n)
    await asyncio.gather(*[work(n) for n in range(4)])
    while not queue.empty():
        out.append(queue.get_nowait())
    return sorted(out)
asyncio.run(main())
