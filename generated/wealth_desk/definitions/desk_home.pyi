# wealth-desk, catalog 8f3ab7f2
class desk_home:  # Methods offered by desk-home.
 def get_desk_calendar(arguments: dict[str, Any] = ...) -> Any: ...  # result shape not declared
