# wealth-desk
class desk_home:
 def get_desk_calendar(arguments: dict[str, Any] = ...) -> Any: ...  # arguments keys not declared; result shape not declared
