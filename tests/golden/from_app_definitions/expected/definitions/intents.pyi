# from-app-definitions
class InstrumentContextId: ticker: str | None; BBG: str | None; CUSIP: str | None; FDS_ID: str | None; FIGI: str | None; ISIN: str | None; PERMID: str | None; RIC: str | None; SEDOL: str | None
class InstrumentContextMarket: MIC: str | None; name: str | None; COUNTRY_ISOALPHA2: str | None; BBG: str | None
class InstrumentContext: type: Literal['fdc3.instrument']; id: InstrumentContextId; name: str | None; market: InstrumentContextMarket | None
class OrganizationContextId: LEI: str | None; PERMID: str | None; FDS_ID: str | None
class OrganizationContext: type: Literal['fdc3.organization']; id: OrganizationContextId; name: str | None
class intents:  # Intents that the apps of this environment handle.
 def export_portfolio(data: dict[str, Any], context_type: Literal['Portfolio'] = 'Portfolio') -> Any: ...  # Export as PDF. result shape not declared
 def view_holdings(context: InstrumentContext | OrganizationContext) -> Any: ...  # Shows who holds an instrument, or what an organisation holds. result shape not declared
