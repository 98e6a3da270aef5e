# from-app-directory
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
class CountryContextId: COUNTRY_ISOALPHA2: str | None; COUNTRY_ISOALPHA3: str | None; ISOALPHA2: str | None; ISOALPHA3: str | None
class CountryContext: type: Literal['fdc3.country']; id: CountryContextId; name: str | None
class ProductContext: type: Literal['fdc3.product']; id: dict[str, str]; name: str | None; instrument: InstrumentContext | None
class OrderContextDetails: product: ProductContext | None
class OrderContext: type: Literal['fdc3.order']; id: dict[str, str]; name: str | None; details: OrderContextDetails | None
class intents:  # Intents that the apps of this environment handle.
 def new_order(context: OrderContext) -> OrderContext: ...  # Raise the intent NewOrder.
 def start_chat(context: ContactContext) -> ChatRoomContext: ...  # Opens a chat.
 def view_chart(context: ChartContext | InstrumentContext) -> Any: ...  # Chart (answers with a channel, which a snippet can't listen to). result shape not declared
 def view_news(context: InstrumentContext | CountryContext) -> Any: ...  # News. result shape not declared
