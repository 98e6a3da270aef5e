# wealth-desk
class Analyst: name: str; email: str | None; house: str
class GetNoteResult: note: dict[str, Any]
class ResearchNote: id: str; title: str; published: str; symbols: list[str]; analyst: Analyst; rating: Literal['buy', 'hold', 'sell'] | None; targetPrice: float | None; abstract: str | None; pages: int | None
class TopicsResult: topics: list[str]
class research:  # House and street research.
 def get_note(id: str) -> GetNoteResult: ...  # whole note incl. body.
 def search_research(query: str, symbols: list[str] = ..., since: str = ..., limit: int = 20) -> list[ResearchNote]: ...  # Full-text search over house and street research. query length >= 2; since date; limit 1..100
 def subscribe(arguments: dict[str, Any] = ...) -> Any: ...  # Subscribe the current user to a topic (see wiki for the arguments). arguments keys not declared; result shape not declared
 def topics() -> TopicsResult: ...  # Topics that the house covers.
