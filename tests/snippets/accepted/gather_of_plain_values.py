# value: [1, 2]
# own: plain values count as finished
await asyncio.gather(1, 2)
