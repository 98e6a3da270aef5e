"""What the desk's own platform answers: its applications, and that one was started. Nothing starts."""

from __future__ import annotations

from ioconnect_codegen.wealth_desk.arguments import text
from ioconnect_codegen.wealth_desk.desk import Arguments, Desk, Handler
from ioconnect_codemode.values import JsonValue

APPLICATIONS = {
    "charts": "Charts",
    "crm": "CRM",
    "model-portfolios": "Model Portfolios",
    "order-desk": "Order Desk",
    "portfolio-manager": "Portfolio Manager",
    "research-library": "Research Library",
}


def get_applications(desk: Desk, arguments: Arguments) -> JsonValue:
    """`T42.ACS.GetApplications`: what can be started."""
    del desk, arguments
    return {"applications": [{"name": name, "title": title} for name, title in APPLICATIONS.items()]}


def start_application(desk: Desk, arguments: Arguments) -> JsonValue:
    """`T42.ACS.StartApplication`: gives the id of an instance."""
    name = text(arguments, "Name")
    if name not in APPLICATIONS:
        raise LookupError(f"no application {name}")
    return {"Id": desk.new_id(name), "Name": name}


HANDLERS: dict[str, Handler] = {
    "T42.ACS.GetApplications": get_applications,
    "T42.ACS.StartApplication": start_application,
}
