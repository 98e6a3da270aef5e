# wealth-desk
class Address: street: str; city: str; postalCode: str | None; country: str
class Adviser: name: str; email: str; desk: str; clients: int
Category = Literal['call', 'meeting', 'email', 'other']
Segment = Literal['private', 'affluent', 'institutional']
class Client: id: str; name: str; email: str; adviser: str; segment: Segment; status: Literal['active', 'dormant', 'prospect']; aum: float; currency: str; onboarded: str; phone: str | None; address: Address | None
class ClientPage: items: list[Client]; total: int; offset: int
class DeleteNoteResult: deleted: bool
class GetAdvisersResult: advisers: list[Adviser]
class Note: id: str; clientId: str; author: str; created: str; category: Category; text: str; followUp: str | None
class crm:  # Clients of the firm, their advisers and the contact notes.
 def add_note(clientId: str, text: str, category: Category = 'other', followUp: str = ...) -> Note: ...  # Adds a contact note to the client's file. text length 1..4000; followUp date
 def delete_note(noteId: str) -> DeleteNoteResult: ...  # Removes a contact note for good.
 def find_clients(name: str, limit: int = 50) -> list[Client]: ...  # Finds clients by name. name length >= 1; limit 1..500
 def get_advisers() -> GetAdvisersResult: ...  # All relationship managers with the number of clients they look after.
 def get_client(id: str) -> Client: ...  # Returns the master record of one client.
 def list_clients(offset: int = 0, limit: int = 100, adviser: str = ..., segment: Segment = ...) -> ClientPage: ...  # Client list, one page at a time, ordered by id. offset >= 0; limit 1..500
 def list_notes(clientId: str, since: str = ...) -> list[Note]: ...  # Contact notes of a client, newest first. since date
 def sync_contact(arguments: dict[str, Any] = ...) -> Any: ...  # sync contact w/ outlook. arguments keys not declared; result shape not declared
 def update_contact(id: str, email: str = ..., phone: str | None = ...) -> Client: ...  # Changes e-mail or phone of a client. email email
