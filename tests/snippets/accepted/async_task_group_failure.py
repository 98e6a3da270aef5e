# value: ["cancelled", ["ValueError"]]
import asyncio
async def bad():
    raise ValueError('no')
async def slow(log):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        log.append('cancelled')
        raise
async def main():
    log = []
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(slow(log))
            tg.create_task(bad())
    except Exception as group:
        log.append([type(e).__name__ for e in group.exceptions])
    return log
asyncio.run(main())
