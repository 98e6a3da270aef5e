# from-everything
class ContactContextId: email: str | None; FDS_ID: str | None  # email email
class ContactContext: type: Literal['fdc3.contact']; id: ContactContextId; name: str | None
class OrganizationContextId: LEI: str | None; PERMID: str | None; FDS_ID: str | None
class OrganizationContext: type: Literal['fdc3.organization']; id: OrganizationContextId; name: str | None
class intents:  # Intents that the apps of this environment handle.
 def view_contact(context: ContactContext | OrganizationContext) -> Any: ...  # Client card. result shape not declared
