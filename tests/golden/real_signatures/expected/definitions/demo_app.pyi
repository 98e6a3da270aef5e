# real-signatures
class Order: side: str; quantity: float; instrument: str; market: str; contact: Any; timestamp: Any
class demo_app:
 def create_order(order: Order) -> Any: ...  # result shape not declared
 def fi_restore_workspace_with_context(workspaceName: str, context: Any) -> Any: ...  # context Fdc3Instrument; result shape not declared
 def fi_update_selected_workspace_context(arguments: dict[str, Any] = ...) -> Any: ...  # arguments Fdc3Instrument; result shape not declared
 def set_party(party: dict[str, Any]) -> Any: ...  # result shape not declared
 def show_company_details(company: str, instrument: str) -> Any: ...  # result shape not declared
 def validate_show_grid(cookie: str, workbook: str, worksheet: str, updateType: str, dataAsJSON: str) -> Any: ...  # result shape not declared
