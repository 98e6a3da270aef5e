# tools, catalog c2155f00
class AcmeBankRoot: clients: list[AcmeBankClient]
Segment = Literal['private', 'retail']
class AcmeBankClient: id: str; name: str; segment: Segment | None; phone: str | None; address: Any; manager: AcmeBankRoot | None
class acme_bank:  # Methods offered by acme-bank.
 def get_clients() -> AcmeBankRoot: ...  # Returns the list of clients.
