# from-everything
class Application: name: str; title: str | None; caption: str | None
class ListApplicationsResult: applications: list[Application]
class platform:  # What io.Connect itself does: applications.
 def list_applications() -> ListApplicationsResult: ...  # Lists the applications that can be started.
