# value: [[0, 10, 20, 30, 40], ["CancelledError", "CancelledError"]]
import asyncio
async def worker(name, queue, done):
    while True:
        item = await queue.get()
        await asyncio.sleep(0)
        done.append(item * 10)
        queue.task_done()
async def main():
    queue, done = asyncio.Queue(), []
    workers = [asyncio.create_task(worker(f"w{i}", queue, done)) for i in range(2)]
    for i in range(5):
        queue.put_nowait(i)
    await queue.join()
    for w in workers:
        w.cancel()
    results = await asyncio.gather(*workers, return_exceptions=True)
    return sorted(done), [type(r).__name__ for r in results]
asyncio.run(main())
