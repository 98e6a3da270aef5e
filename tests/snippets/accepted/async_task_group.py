# value: [0, 1, 2]
import asyncio
async def work(n):
    await asyncio.sleep(0)
    return n
async def main():
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(work(n)) for n in range(3)]
    return [t.result() for t in tasks]
asyncio.run(main())
