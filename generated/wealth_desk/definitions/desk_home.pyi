# wealth-desk
class desk_home:  # Methods offered by desk-home.
 def get_desk_calendar(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
