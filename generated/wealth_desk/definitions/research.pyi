# wealth-desk, catalog 8f3ab7f2
class Analyst: name: str; email: str | None; house: str
class GetNoteResult: note: dict[str, Any]
class ResearchNote: id: str; title: str; published: str; symbols: list[str]; analyst: Analyst; rating: Literal['buy', 'hold', 'sell'] | None; targetPrice: float | None; abstract: str | None; pages: int | None
class SubscribeResult: n_a: Any; research_dev: Any  # n_a is key 'n/a', research_dev is key 'research-dev'
class TopicsResult: topics: list[str]
class research:  # House and street research.
 def get_note(id: str) -> GetNoteResult: ...  # whole note incl. body.
 def search_research(query: str, symbols: list[str] = ..., since: str = ..., limit: int = 20) -> list[ResearchNote]: ...  # Full-text search over house and street research. query length >= 2; since date; limit 1..100
 def subscribe(wiki: Any) -> SubscribeResult: ...  # Subscribe the current user to a topic (see wiki for the arguments).
 def topics() -> TopicsResult: ...  # Topics that the house covers.
