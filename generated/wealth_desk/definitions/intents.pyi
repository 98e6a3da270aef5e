# wealth-desk
class ContactContextId: email: str | None; FDS_ID: str | None  # email email
class ContactContext: type: Literal['fdc3.contact']; id: ContactContextId; name: str | None
class InstrumentContextId: ticker: str | None; BBG: str | None; CUSIP: str | None; FDS_ID: str | None; FIGI: str | None; ISIN: str | None; PERMID: str | None; RIC: str | None; SEDOL: str | None
class InstrumentContextMarket: MIC: str | None; name: str | None; COUNTRY_ISOALPHA2: str | None; BBG: str | None
class InstrumentContext: type: Literal['fdc3.instrument']; id: InstrumentContextId; name: str | None; market: InstrumentContextMarket | None
class InstrumentListContext: type: Literal['fdc3.instrumentList']; id: dict[str, str] | None; name: str | None; instruments: list[InstrumentContext]
class ProductContext: type: Literal['fdc3.product']; id: dict[str, str]; name: str | None; instrument: InstrumentContext | None
class OrderContextDetails: product: ProductContext | None
class OrderContext: type: Literal['fdc3.order']; id: dict[str, str]; name: str | None; details: OrderContextDetails | None
class OrganizationContextId: LEI: str | None; PERMID: str | None; FDS_ID: str | None
class OrganizationContext: type: Literal['fdc3.organization']; id: OrganizationContextId; name: str | None
class intents:  # Intents that the apps of this environment handle.
 def export_portfolio(data: dict[str, Any], context_type: Literal['Portfolio'] = 'Portfolio') -> Any: ...  # Export as PDF. result shape not declared
 def new_order(context: OrderContext) -> OrderContext: ...  # Open an order ticket.
 def show_client_card(data: dict[str, Any], context_type: Literal['Client'] = 'Client') -> Any: ...  # Client card. result shape not declared
 def start_call(context: ContactContext) -> Any: ...  # Call the client. result shape not declared
 def view_chart(context: InstrumentContext | InstrumentListContext, *, target: str | list[str] = 'best') -> Any: ...  # Chart. target 'best', an app, an instance; 'all' or a list give a dict of results by target; result shape not declared
 def view_research(context: InstrumentContext | OrganizationContext) -> Any: ...  # Research on the instrument. result shape not declared
