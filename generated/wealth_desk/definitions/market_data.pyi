# wealth-desk
class GetQuoteResult: symbol: str; bid: float; ask: float; last: float; currency: str; time: str | float
class Quote: bid: float; ask: float; last: float; change: float | None; currency: str; time: str
class Tick: symbol: str; bid: float; ask: float; time: str | float
class market_data:  # Offered by market-data, market-data-backup.
 def get_history(symbol: str, from_: str, to: str = ..., interval: Literal['day', 'week', 'month'] = 'day') -> list[tuple[str, float]]: ...  # Closing prices, oldest first, as pairs of date and close. from_ date; to date
 def get_quote(symbol: str, *, target: str | list[str] = 'best', wait_for_s: float = 0.0) -> GetQuoteResult: ...  # Last known quote. target 'best', an app, an instance; 'all' or a list give a dict of results by target
 def get_quotes(symbols: list[str]) -> dict[str, Quote]: ...  # Quotes of many instruments at once, by symbol. symbols 1..100 items, no duplicates
 def ticks(symbol: str, *, take: int = 10, timeout_s: float = 5.0) -> list[Tick]: ...  # Live ticks. take 1..1000; timeout_s above 0
