# value: ["caught", "ok"]
import asyncio
log = []
async def ok():
    await asyncio.sleep(0.05)
    log.append('ok')
async def bad():
    raise KeyError('k')
async def main():
    t = asyncio.create_task(ok())
    try:
        await asyncio.gather(t, bad())
    except KeyError:
        log.append('caught')
    await t
    return log
asyncio.run(main())
