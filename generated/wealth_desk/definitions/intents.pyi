# wealth-desk, catalog 7c59757a
class ContactContext: type: Literal['fdc3.contact']; id: dict[str, Any] | None; name: str | None
class OrderContext: type: Literal['fdc3.order']; id: dict[str, Any] | None; name: str | None
ViewChartContextType = Literal['fdc3.instrument', 'fdc3.instrumentList']
class ViewChartContext: type: ViewChartContextType; id: dict[str, Any] | None; name: str | None
class ViewResearchContext: type: Literal['fdc3.instrument', 'fdc3.organization']; id: dict[str, Any] | None; name: str | None
class intents:  # Intents that the apps of this environment handle.
 def export_portfolio(data: dict[str, Any], context_type: Literal['Portfolio'] = 'Portfolio') -> Any: ...  # Export as PDF. result shape not declared
 def new_order(context: OrderContext) -> OrderContext: ...  # Open an order ticket.
 def show_client_card(data: dict[str, Any], context_type: Literal['Client'] = 'Client') -> Any: ...  # Client card. result shape not declared
 def start_call(context: ContactContext) -> Any: ...  # Call the client. result shape not declared
 def view_chart(context: ViewChartContext) -> Any: ...  # Chart. result shape not declared
 def view_research(context: ViewResearchContext) -> Any: ...  # Research on the instrument. result shape not declared
