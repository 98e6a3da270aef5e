# from-everything
class GetClientResult: id: str; name: str
class crm:
 def add_note(id: str, text: str) -> Any: ...  # Adds a note. result shape not declared
 def get_client(id: str) -> GetClientResult: ...  # Returns one client.
