# intents
class AnyContext: type: str; id: dict[str, Any] | None; name: str | None
class InstrumentContextId: ticker: str | None; BBG: str | None; CUSIP: str | None; FDS_ID: str | None; FIGI: str | None; ISIN: str | None; PERMID: str | None; RIC: str | None; SEDOL: str | None
class InstrumentContextMarket: MIC: str | None; name: str | None; COUNTRY_ISOALPHA2: str | None; BBG: str | None
class InstrumentContext: type: Literal['fdc3.instrument']; id: InstrumentContextId; name: str | None; market: InstrumentContextMarket | None
Style = Literal['line', 'bar', 'stacked-bar', 'mountain', 'candle', 'pie', 'scatter', 'histogram', 'heatmap', 'custom']
class TimeRangeContext: type: Literal['fdc3.timeRange']; id: dict[str, Any] | None; name: str | None; startTime: str | None; endTime: str | None  # startTime date-time, or endTime required; endTime date-time
class ChartContext: type: Literal['fdc3.chart']; id: dict[str, Any] | None; name: str | None; instruments: list[InstrumentContext]; range: TimeRangeContext | None; style: Style | None; otherConfig: list[AnyContext] | None
class ChatRoomContext: type: Literal['fdc3.chat.room']; id: dict[str, str]; name: str | None; providerName: str; url: str | None
class ContactContextId: email: str | None; FDS_ID: str | None  # email email
class ContactContext: type: Literal['fdc3.contact']; id: ContactContextId; name: str | None
class InstrumentListContext: type: Literal['fdc3.instrumentList']; id: dict[str, str] | None; name: str | None; instruments: list[InstrumentContext]
class ValuationContext: type: Literal['fdc3.valuation']; id: dict[str, Any] | None; name: str | None; value: float; CURRENCY_ISOCODE: str; price: float | None; valuationTime: str | None; expiryTime: str | None
class intents:  # Intents that the apps of this environment handle.
 def demo_get_prices(context: InstrumentContext) -> ValuationContext: ...  # Raise the intent demo.GetPrices.
 def mixed(data: dict[str, Any], context_type: Literal['fdc3.contact', 'Client'] = 'fdc3.contact') -> Any: ...  # Raise the intent Mixed (answers with a channel, which a snippet can't listen to). result shape not declared
 def new_order(data: dict[str, Any], context_type: Literal['OrderTicket', 'OrderFilter'] = 'OrderTicket') -> Any: ...  # Open a new order dialog. result shape not declared
 def refresh(data: dict[str, Any]) -> Any: ...  # Raise the intent Refresh. result shape not declared
 def start_chat(context: ContactContext) -> ChatRoomContext: ...  # Opens a chat.
 def view_chart(context: InstrumentContext | InstrumentListContext | ChartContext, *, target: str | list[str] = 'best') -> Any: ...  # Chart. target 'best', an app, an instance; 'all' or a list give a dict of results by target; result shape not declared
