# from-app-definitions
class DisplayResult: ok: bool
class client_portfolio:  # Shows the portfolio of one client.
 def display(clientId: str) -> DisplayResult: ...  # Shows a client's portfolio.
