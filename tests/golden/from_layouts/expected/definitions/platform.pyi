# from-layouts
class Application: name: str; type: str | None; title: str | None; caption: str | None; version: str | None
class WorkspaceLayout: name: str; applicationName: str | None
class Layouts: summaries: list[WorkspaceLayout]
class ListApplicationsResult: definitions: list[Application]
Severity = Literal['None', 'Low', 'Medium', 'High', 'Critical']
class NotificationSettings: title: str; body: str | None; severity: Severity | None  # title length >= 1
class RaisedNotification: settings: dict[str, Any]
class RestoreOptions: context: dict[str, Any] | None; title: str | None; frameId: str | None
class SelectedClient: id: str
class StartedApplication: id: str; applicationName: str
class WorkspaceConfig: title: str; name: str; frameId: str; layoutName: str | None; isSelected: bool | None
class Workspace: id: str; config: WorkspaceConfig
class Workspaces: summaries: list[Workspace]
class platform:  # What io.Connect itself does: applications, workspaces, notifications.
 def list_applications() -> ListApplicationsResult: ...  # Lists the applications that can be started.
 def list_workspace_layouts() -> Layouts: ...  # Lists the workspaces that can be restored.
 def list_workspaces() -> Workspaces: ...  # Lists the workspaces that are open.
 def raise_notification(id: str, settings: NotificationSettings) -> RaisedNotification: ...  # Shows a notification to the user. id length >= 1
 def restore_client_management(selectedClient: SelectedClient) -> Workspace: ...  # Clients, their portfolios and notes.
 def restore_workspace(name: str, options: RestoreOptions = ...) -> Workspace: ...  # Opens a workspace from its layout. name length >= 1
 def start_application(name: str, context: dict[str, Any] = ...) -> StartedApplication: ...  # Starts an application. name length >= 1
