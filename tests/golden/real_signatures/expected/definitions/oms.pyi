# real-signatures
class Broker: brokerId: str; brokerExchange: str
class CreateWatchlistResult: watchlistId: str
class InstrumentContextId: ticker: str | None; BBG: str | None; CUSIP: str | None; FDS_ID: str | None; FIGI: str | None; ISIN: str | None; PERMID: str | None; RIC: str | None; SEDOL: str | None
class InstrumentContextMarket: MIC: str | None; name: str | None; COUNTRY_ISOALPHA2: str | None; BBG: str | None
class InstrumentContext: type: Literal['fdc3.instrument']; id: InstrumentContextId; name: str | None; market: InstrumentContextMarket | None
class InstrumentListContext: type: Literal['fdc3.instrumentList']; id: dict[str, str] | None; name: str | None; instruments: list[InstrumentContext]
class GetAllWatchlistsResult: instrumentListArr: list[InstrumentListContext]
class GetBidDataResult: bids: list[Any]
class GetBrokersResult: brokers: list[Broker]
class GetClientsResult: clients: list[Any]
class GetFdc3InstrumentsResult: instruments: list[InstrumentListContext]
class GetFundsResult: FundInfo: dict[str, Any]
class GetInstrumentsResult: instruments: list[Any]
class GetOrderIdResult: orderId: str
class GetOrderResult: order: dict[str, Any]; trades: list[dict[str, Any]]; slices: list[dict[str, Any]]
class GetOrderSidesResult: orderSides: dict[str, Any]
class GetOrderTypesResult: orderTypes: dict[str, Any]
class GetOrderValidityResult: orderValidity: dict[str, Any]
class GetOrdersResult: orders: list[dict[str, Any]]; trades: list[dict[str, Any]]; slices: list[dict[str, Any]]
class GetWatchlistResult: instrumentList: InstrumentListContext
class MarketDataResult: symbol: str; volume: float; lastTradedVolume: float; lastPrice: float; openPrice: float; lowPrice: float; highPrice: float; prevClosePrice: float; totalVWAP: float; time: str | float; description: str; isin: str; currency: str
class Trade: trade: Any  # trade OrderTrade
class TradesResult: trades: list[dict[str, Any]]
class TradingPositionsResult: tradingPositions: dict[str, Any]
class oms:  # Offered by demo-app.
 def create_order(date: str | float) -> Any: ...  # date ISO 8601 or epoch ms; result shape not declared
 def create_trade(trade: Trade) -> Any: ...  # result shape not declared
 def create_watchlist(instrumentList: InstrumentListContext) -> CreateWatchlistResult: ...
 def get_all_trades(date: str | float) -> TradesResult: ...  # date ISO 8601 or epoch ms
 def get_all_watchlists() -> GetAllWatchlistsResult: ...
 def get_bid_data(ticker: str = ..., lastPrice: float = ...) -> GetBidDataResult: ...
 def get_brokers() -> GetBrokersResult: ...
 def get_clients() -> GetClientsResult: ...
 def get_fdc3_instruments() -> GetFdc3InstrumentsResult: ...
 def get_funds() -> GetFundsResult: ...
 def get_instruments() -> GetInstrumentsResult: ...
 def get_order(orderId: str, date: str | float, withSlices: bool, withTrades: bool) -> GetOrderResult: ...  # date ISO 8601 or epoch ms
 def get_order_id(sliceId: str) -> GetOrderIdResult: ...
 def get_order_sides() -> GetOrderSidesResult: ...
 def get_order_types() -> GetOrderTypesResult: ...
 def get_order_validity() -> GetOrderValidityResult: ...
 def get_orders(date: str | float, withSlices: bool, withTrades: bool) -> GetOrdersResult: ...  # date ISO 8601 or epoch ms
 def get_trades_for_instrument(date: str | float, instrument: InstrumentContext) -> TradesResult: ...  # date ISO 8601 or epoch ms
 def get_watchlist(id: str) -> GetWatchlistResult: ...
 def market_data(list_: InstrumentListContext) -> MarketDataResult: ...
 def trading_positions(date: str | float) -> TradingPositionsResult: ...  # date ISO 8601 or epoch ms
