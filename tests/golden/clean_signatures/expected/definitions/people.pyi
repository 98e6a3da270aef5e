# clean-signatures
class CountResult: count: int
class PeopleItem: id: str; age: int; active: bool
class FindResult: people: list[PeopleItem]
class Name: first: str; middle: str | None; last: str
class PersonalDetails: name: str; age: int
class SetTitlesResult: done: bool
class people:  # Everyone who works here.
 def count() -> CountResult: ...
 def details(personalDetails: tuple[str, int] | PersonalDetails) -> Any: ...  # result shape not declared
 def find(name: Name, bornAfter: str | float = ...) -> FindResult: ...  # People by name. bornAfter ISO 8601 or epoch ms
 def set_titles(name: str, titles: list[str] = ...) -> SetTitlesResult: ...
