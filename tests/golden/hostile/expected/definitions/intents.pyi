# hostile
class ImportOsSystemTouchPWNEDContext: type: Literal['fdc3."""\'\n__import__(\'os\').system(\'touch PWNED\')']; id: dict[str, Any] | None; name: str | None
class intents:  # Intents that the apps of this environment handle.
 def view_import_os_system_touch_pwned(context: ImportOsSystemTouchPWNEDContext) -> Any: ...  # """__import__('os').system('touch PWNED'). result shape not declared
