# value: ["late", 0.001]
import asyncio
async def slow(n):
    await asyncio.sleep(n)
    return n
async def first_of(*waits):
    tasks = [asyncio.create_task(w) for w in waits]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return done.pop().result()
async def main():
    try:
        value = await asyncio.wait_for(slow(5), timeout=0.01)
    except asyncio.TimeoutError:
        value = "late"
    return [value, await first_of(slow(0.001), slow(3))]
asyncio.run(main())
