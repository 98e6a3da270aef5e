# wealth-desk
class CancelOrderResult: orderId: str; status: str
class Fill: time: str; quantity: float; price: float
class GetBlotter2Row: id: str; symbol: str; side: str; quantity: float; status: str; trader: str
class GetBlotter2Result: rows: list[GetBlotter2Row]
class GetBlotterRow: id: str; symbol: str; side: str; quantity: float; status: str
class GetBlotterResult: rows: list[GetBlotterRow]
class GetResult: order: Any
class ListResult: orders: list[dict[str, Any]]
class OrdersOrder: side: str; quantity: float; symbol: str; portfolio: Any; limitPrice: Any; timestamp: Any  # portfolio PortfolioRef
PlaceOrderResultType = Literal['market', 'limit']
Side = Literal['buy', 'sell']
Status = Literal['working', 'filled', 'cancelled', 'rejected']
class PlaceOrderResult: id: str; status: Status; portfolioId: str; symbol: str; side: Side; quantity: float; type: PlaceOrderResultType; limitPrice: float | None; placed: str; fills: list[Fill]
class ValidateResult: ok: bool; reasons: list[str] | None
class orders:  # Order Desk.
 def cancel_order(orderId: str) -> CancelOrderResult: ...  # Cancels a working order.
 def get(OrderId: str) -> GetResult: ...
 def get_blotter(desk: str) -> GetBlotterResult: ...  # Today's blotter of a desk.
 def get_blotter_2(desk: str, date: str | float) -> GetBlotter2Result: ...  # Archived blotter of a desk on a day. date ISO 8601 or epoch ms
 def list_(status: str = ..., from_: str | float = ..., max: int = ..., withFills: bool = ...) -> ListResult: ...  # Orders of the desk, newest first. from_ ISO 8601 or epoch ms
 def place_order(portfolioId: str, symbol: str, side: Side, quantity: float, type: PlaceOrderResultType = 'market', limitPrice: float = ..., validUntil: str = ..., comment: str = ...) -> PlaceOrderResult: ...  # Sends an order to the market. symbol pattern ^[A-Z0-9.]{1,12}$; quantity > 0 and <= 1000000; limitPrice > 0; validUntil date; comment length <= 200
 def validate(order: OrdersOrder) -> ValidateResult: ...  # Pre-trade check.
