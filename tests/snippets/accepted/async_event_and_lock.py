# value: [0, 1]
import asyncio
async def main():
    event, lock, out = asyncio.Event(), asyncio.Lock(), []
    async def waiter(n):
        await event.wait()
        async with lock:
            out.append(n)
    tasks = [asyncio.create_task(waiter(n)) for n in range(2)]
    await asyncio.sleep(0)
    event.set()
    await asyncio.gather(*tasks)
    return sorted(out)
asyncio.run(main())
