# wealth-desk
class Benchmark: name: str; return_: float  # return_ is key 'return'
class Drift: assetClass: str; target: float; actual: float
class Portfolio: id: str; name: str; strategy: Literal['income', 'balanced', 'growth']; value: float; cash: float; currency: str; opened: str; closed: str | None
class GetForClientResult: clientId: str; portfolios: list[Portfolio]
class Position: symbol: str; name: str; assetClass: str; quantity: float; price: float; marketValue: float; currency: str
class GetPositionsResult: positions: list[Position]; asOf: str | float
PortfoliosPeriod = Literal['1M', '3M', 'YTD', '1Y']
class Value: date: str; value: float
class PortfolioPerformanceResult: portfolioId: str; period: PortfoliosPeriod; return_: float; benchmark: Benchmark | None; values: list[Value]  # return_ is key 'return'
Side = Literal['buy', 'sell']
class PortfoliosOrder: symbol: str; side: Side; quantity: float
class ProposeRebalanceResult: portfolioId: str; orders: list[PortfoliosOrder]
class portfolios:  # Portfolios, positions, performance and drift against the model.
 def drift(portfolioId: str, tolerance: float = ...) -> list[Drift]: ...  # drift against model.
 def get_for_client(clientId: str, includeClosed: bool = False) -> GetForClientResult: ...  # Portfolios of a client with their value at last night's close.
 def get_positions(portfolioId: str, assetClass: str = ...) -> GetPositionsResult: ...  # Positions of a portfolio at last night's close.
 def portfolio_performance(portfolioId: str, period: PortfoliosPeriod = 'YTD') -> PortfolioPerformanceResult: ...  # Return of a portfolio and of its benchmark over a period, in percent, with the month-end values.
 def propose_rebalance(portfolioId: str, maxOrders: int = 20, *, wait_for_s: float = 0.0) -> ProposeRebalanceResult: ...  # Computes the orders that bring a portfolio back to its model. maxOrders 1..50
