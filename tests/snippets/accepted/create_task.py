# value: [2, "ValueError"]
# own: tasks are done when they are made
async def f(n):
    if n > 1:
        raise ValueError("n")
    return n + 1

async def main():
    good, bad = asyncio.create_task(f(1)), asyncio.create_task(f(2))
    try:
        await bad
    except ValueError as e:
        return [await good, type(e).__name__]

await main()
