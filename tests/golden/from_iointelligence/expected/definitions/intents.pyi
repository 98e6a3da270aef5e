# from-iointelligence
class ContactContextId: email: str | None; FDS_ID: str | None  # email email
class ContactContext: type: Literal['fdc3.contact']; id: ContactContextId; name: str | None
class intents:  # Intents that the apps of this environment handle.
 def view_contact(context: ContactContext) -> Any: ...  # Shows a client. result shape not declared
