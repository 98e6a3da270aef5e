# working-context
class Application: name: str; type: str | None; title: str | None; caption: str | None; version: str | None
class Channel: name: str | None; meta: dict[str, Any] | None; data: dict[str, Any] | None
class Chart: symbols: list[Any] | None
class Instance: application: str; instance: str
class WorkspaceLayout: name: str; applicationName: str | None
class Layouts: summaries: list[WorkspaceLayout]
class ListApplicationsResult: definitions: list[Application]
Severity = Literal['None', 'Low', 'Medium', 'High', 'Critical']
class NotificationSettings: title: str; body: str | None; severity: Severity | None  # title length >= 1
class RaisedNotification: settings: dict[str, Any]
class RestoreOptions: context: dict[str, Any] | None; title: str | None; frameId: str | None
class SelectedClient: id: str | None
class StartedApplication: id: str; applicationName: str
class WorkspaceConfig: title: str; name: str; frameId: str; layoutName: str | None; isSelected: bool | None
class Workspace: id: str; config: WorkspaceConfig
class WorkspaceContext: chart: Chart | None; selectedClient: SelectedClient | None
class Workspaces: summaries: list[Workspace]
class platform:  # What io.Connect itself does: applications, instances, workspaces, notifications, contexts, channels.
 def get_channel(name: str) -> Channel: ...  # Reads what apps have published on a channel. name Red
 def get_context(name: str) -> dict[str, Any]: ...  # Reads a shared context.
 def get_workspace_context(name: str) -> WorkspaceContext: ...  # Reads the working context of an open workspace: what its apps work with. name length >= 1
 def list_applications() -> ListApplicationsResult: ...  # Lists the applications that can be started.
 def list_channels() -> list[str]: ...  # Lists the names of the channels.
 def list_contexts() -> list[str]: ...  # Lists the names of the contexts that apps share.
 def list_instances() -> list[Instance]: ...  # Lists the running apps, each with the id of its instance.
 def list_workspace_layouts() -> Layouts: ...  # Lists the workspaces that can be restored.
 def list_workspaces() -> Workspaces: ...  # Lists the workspaces that are open.
 def publish_to_channel(name: str, data: dict[str, Any]) -> None: ...  # Sets keys of a channel's data and keeps the others; every app on the channel is told. name Red
 def raise_notification(id: str, settings: NotificationSettings) -> RaisedNotification: ...  # Shows a notification to the user. id length >= 1
 def restore_workspace(name: str, options: RestoreOptions = ...) -> Workspace: ...  # Opens a workspace from its layout. name length >= 1
 def set_context(name: str, data: dict[str, Any]) -> None: ...  # Replaces a shared context as a whole; makes it where there is none.
 def start_application(name: str, context: dict[str, Any] = ...) -> StartedApplication: ...  # Starts an application. name length >= 1
 def update_context(name: str, data: dict[str, Any]) -> None: ...  # Sets keys of a shared context and keeps the others; makes the context where there is none.
