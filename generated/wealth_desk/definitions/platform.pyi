# wealth-desk
class Application: name: str; title: str | None; caption: str | None
class ListApplicationsResult: applications: list[Application]
class StartedApplication: Id: str; Name: str | None
class platform:  # What io.Connect itself does: applications.
 def list_applications() -> ListApplicationsResult: ...  # Lists the applications that can be started.
 def start_application(name: str, context: dict[str, Any] = ...) -> StartedApplication: ...  # Starts an application. name length >= 1
