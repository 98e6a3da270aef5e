# value: ["cancelled", "finally", "seen"]
import asyncio
log = []
async def f():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        log.append('cancelled')
        raise
    finally:
        log.append('finally')
async def main():
    t = asyncio.create_task(f())
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        log.append('seen')
    return log
asyncio.run(main())
