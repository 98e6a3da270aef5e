"""The desk's CRM and its shared notebook."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ioconnect_codegen.wealth_desk.arguments import count, day, text, text_or_none
from ioconnect_codegen.wealth_desk.desk import (
    OPENING,
    Address,
    Arguments,
    Client,
    ContactNote,
    Desk,
    Handler,
    iso,
    record,
)
from ioconnect_codemode.values import JsonValue


def find_clients(desk: Desk, arguments: Arguments) -> JsonValue:
    """`CRM.FindClients`: names that are the text come first, then those that begin with it."""
    wanted = text(arguments, "name").strip().lower()
    found = [each for each in desk.clients.values() if wanted in each.name.lower()]
    found.sort(key=lambda each: (each.name.lower() != wanted, not each.name.lower().startswith(wanted), each.name))
    return [_client(desk, each) for each in found[: count(arguments, "limit", 50)]]


def get_client(desk: Desk, arguments: Arguments) -> JsonValue:
    """`CRM.GetClient`."""
    return _client(desk, desk.client(text(arguments, "id")))


def list_clients(desk: Desk, arguments: Arguments) -> JsonValue:
    """`CRM.ListClients`: one page, ordered by id."""
    adviser, segment = text_or_none(arguments, "adviser"), text_or_none(arguments, "segment")
    offset, limit = count(arguments, "offset", 0), count(arguments, "limit", 100)
    matching = [
        each for each in desk.clients.values() if adviser in (None, each.adviser) and segment in (None, each.segment)
    ]
    page = sorted(matching, key=lambda each: each.id)[offset : offset + limit]
    return {"items": [_client(desk, each) for each in page], "total": len(matching), "offset": offset}


def add_note(desk: Desk, arguments: Arguments) -> JsonValue:
    """`CRM.AddNote`: the author is the client's adviser, whose desk this is."""
    client = desk.client(text(arguments, "clientId"))
    created = desk.now()
    note = ContactNote(
        id=desk.new_id("CN"),
        client_id=client.id,
        author=client.adviser,
        created=created,
        category=text_or_none(arguments, "category") or "other",
        text=text(arguments, "text"),
        follow_up=day(arguments, "followUp"),
    )
    desk.contact_notes[note.id] = note
    return _contact_note(note)


def list_notes(desk: Desk, arguments: Arguments) -> JsonValue:
    """`CRM.ListNotes`: newest first."""
    client = desk.client(text(arguments, "clientId"))
    since = day(arguments, "since") or ""
    notes = [each for each in desk.contact_notes.values() if each.client_id == client.id and each.created >= since]
    return [_contact_note(each) for each in sorted(notes, key=lambda each: each.created, reverse=True)]


def delete_note(desk: Desk, arguments: Arguments) -> JsonValue:
    """`CRM.DeleteNote`."""
    id = text(arguments, "noteId")
    if desk.contact_notes.pop(id, None) is None:
        raise LookupError(f"no note {id}")
    return {"deleted": True}


def update_contact(desk: Desk, arguments: Arguments) -> JsonValue:
    """`CRM.UpdateContact`: a phone of null removes the number, an absent one leaves it."""
    client = desk.client(text(arguments, "id"))
    client = replace(
        client,
        email=text_or_none(arguments, "email") or client.email,
        phone=text_or_none(arguments, "phone") if "phone" in arguments else client.phone,
    )
    desk.clients[client.id] = client
    return _client(desk, client)


def get_advisers(desk: Desk, arguments: Arguments) -> JsonValue:
    """`CRM.GetAdvisers`."""
    clients = Counter(each.adviser for each in desk.clients.values())
    return {
        "advisers": [
            {"name": each.name, "email": each.email, "desk": each.desk, "clients": clients[each.name]}
            for each in desk.advisers.values()
        ]
    }


def sync_contact(desk: Desk, arguments: Arguments) -> JsonValue:
    """`T42.CRM.SyncContact`: declared by name only; takes `clientId`, as its callers know."""
    client = desk.client(text(arguments, "clientId"))
    return {"synced": True, "email": client.email, "time": desk.now()}


def search_notebook(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Notes.Search`: the period is declared as a tuple, which callers send as a list or as an object."""
    wanted = text(arguments, "text").lower()
    first, last = _period(arguments.get("period"))
    return {
        "hits": [
            {"id": each.id, "author": each.author, "created": each.created, "text": each.text[:200]}
            for each in desk.notebook.values()
            if wanted in each.text.lower() and first <= each.created[:10] <= last
        ]
    }


def pin_note(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Notes.Pin note`: declared by name only; takes `noteId`."""
    id = text(arguments, "noteId")
    if id not in desk.notebook:
        raise LookupError(f"no note {id}")
    if id not in desk.pinned:
        desk.pinned.append(id)
    return {"pinned": [*desk.pinned]}


def get_desk_calendar(desk: Desk, arguments: Arguments) -> JsonValue:
    """`getDeskCalendar`: declared by name only, takes nothing."""
    clients = list(desk.clients.values())[20:26]
    return {
        "date": OPENING.date().isoformat(),
        "events": [
            {
                "time": iso(OPENING.replace(hour=10 + hour)),
                "title": f"Review with {each.name}",
                "clientId": each.id,
                "adviser": each.adviser,
            }
            for hour, each in enumerate(clients)
        ],
    }


def _period(value: JsonValue) -> tuple[str, str]:
    if isinstance(value, list) and len(value) == 2:
        value = {"first": value[0], "last": value[1]}
    days: Arguments = value if isinstance(value, dict) else {}
    return day(days, "first") or "", day(days, "last") or "9999-12-31"


def _client(desk: Desk, client: Client) -> JsonValue:
    return record(
        id=client.id,
        name=client.name,
        email=client.email,
        adviser=client.adviser,
        segment=client.segment,
        status=client.status,
        aum=round(sum(desk.worth(each) for each in desk.portfolios_of(client.id) if each.closed is None), 2),
        currency=client.currency,
        onboarded=client.onboarded,
        phone=client.phone,
        address=_address(client.address) if client.address else None,
    )


def _address(address: Address) -> JsonValue:
    return {
        "street": address.street,
        "city": address.city,
        "postalCode": address.postal_code,
        "country": address.country,
    }


def _contact_note(note: ContactNote) -> JsonValue:
    return record(
        id=note.id,
        clientId=note.client_id,
        author=note.author,
        created=note.created,
        category=note.category,
        text=note.text,
        followUp=note.follow_up,
    )


HANDLERS: dict[str, Handler] = {
    "CRM.FindClients": find_clients,
    "CRM.GetClient": get_client,
    "CRM.ListClients": list_clients,
    "CRM.AddNote": add_note,
    "CRM.ListNotes": list_notes,
    "CRM.DeleteNote": delete_note,
    "CRM.UpdateContact": update_contact,
    "CRM.GetAdvisers": get_advisers,
    "T42.CRM.SyncContact": sync_contact,
    "Notes.Search": search_notebook,
    "Notes.Pin note": pin_note,
    "getDeskCalendar": get_desk_calendar,
}
