# wealth-desk
class Hit: id: str; author: str; created: str | float; text: str
class NotesPeriod: first: str | float; last: str | float  # first ISO 8601 or epoch ms; last ISO 8601 or epoch ms
class SearchResult: hits: list[Hit]
class notes:  # Offered by desk-notes.
 def pin_note(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
 def search(text: str, period: tuple[str | float, str | float] | NotesPeriod = ...) -> SearchResult: ...  # Searches the desk's shared notebook.
