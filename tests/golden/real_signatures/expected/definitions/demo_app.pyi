# real-signatures
class InstrumentContextId: ticker: str | None; BBG: str | None; CUSIP: str | None; FDS_ID: str | None; FIGI: str | None; ISIN: str | None; PERMID: str | None; RIC: str | None; SEDOL: str | None
class InstrumentContextMarket: MIC: str | None; name: str | None; COUNTRY_ISOALPHA2: str | None; BBG: str | None
class InstrumentContext: type: Literal['fdc3.instrument']; id: InstrumentContextId; name: str | None; market: InstrumentContextMarket | None
class Order: side: str; quantity: float; instrument: str; market: str; contact: Any; timestamp: Any
class demo_app:
 def create_order(order: Order) -> Any: ...  # result shape not declared
 def fi_restore_workspace_with_context(workspaceName: str, context: InstrumentContext) -> Any: ...  # result shape not declared
 def fi_update_selected_workspace_context(instrument_context: InstrumentContext) -> Any: ...  # result shape not declared
 def set_party(party: dict[str, Any]) -> Any: ...  # result shape not declared
 def show_company_details(company: str, instrument: str) -> Any: ...  # result shape not declared
 def validate_show_grid(cookie: str, workbook: str, worksheet: str, updateType: str, dataAsJSON: str) -> Any: ...  # result shape not declared
