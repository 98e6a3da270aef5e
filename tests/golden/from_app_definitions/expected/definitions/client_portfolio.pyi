# from-app-definitions
class DisplayResult: ok: bool
class client_portfolio:  # Shows the portfolio of one client.
 def display(clientId: str, *, wait_for_s: float = 0.0) -> DisplayResult: ...  # Shows a client's portfolio.
