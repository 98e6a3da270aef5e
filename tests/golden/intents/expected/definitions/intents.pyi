# intents, catalog 985ee326
class ChatRoomContext: type: Literal['fdc3.chat.room']; id: dict[str, Any] | None; name: str | None
class ContactContext: type: Literal['fdc3.contact']; id: dict[str, Any] | None; name: str | None
class InstrumentContext: type: Literal['fdc3.instrument']; id: dict[str, Any] | None; name: str | None
class ValuationContext: type: Literal['fdc3.valuation']; id: dict[str, Any] | None; name: str | None
ViewChartContextType = Literal['fdc3.instrument', 'fdc3.instrumentList', 'fdc3.chart']
class ViewChartContext: type: ViewChartContextType; id: dict[str, Any] | None; name: str | None
class intents:  # Intents that the apps of this environment handle.
 def demo_get_prices(context: InstrumentContext) -> ValuationContext: ...  # Raise the intent demo.GetPrices.
 def mixed(data: dict[str, Any], context_type: Literal['fdc3.contact', 'Client'] = 'fdc3.contact') -> Any: ...  # Raise the intent Mixed. result shape not declared
 def new_order(data: dict[str, Any], context_type: Literal['OrderTicket', 'OrderFilter'] = 'OrderTicket') -> Any: ...  # Open a new order dialog. result shape not declared
 def refresh(data: dict[str, Any]) -> Any: ...  # Raise the intent Refresh. result shape not declared
 def start_chat(context: ContactContext) -> ChatRoomContext: ...  # Raise the intent StartChat.
 def view_chart(context: ViewChartContext) -> Any: ...  # Chart. result shape not declared
