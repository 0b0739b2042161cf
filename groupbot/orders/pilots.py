"""The order that sets a stage of the pilot; the groups that it concerns are told."""

from __future__ import annotations

from groupbot import staffing
from groupbot.orders.desk import Desk, Given, OrderRefused, text
from groupbot.records import Stage
from groupbot.rules.pilot import MODES
from groupbot.rules.wards import WardTable
from groupbot.store import people, pilots


def stage(desk: Desk, given: Given) -> list[str]:
    """From now on so much of the bot is at work, in a department, for a ward, or in the whole county."""
    pack = desk.jurisdiction.protocol
    code, ward = text(given, "department"), text(given, "ward")
    mode = next((one for one in MODES if one == text(given, "mode")), None)
    if mode is None:
        raise OrderRefused(f"the stage must be one of {', '.join(MODES)}")
    if code and code not in pack.departments:
        raise OrderRefused(f"department must be one of {', '.join(pack.departments)}")
    found = WardTable.of(pack).find(ward) if ward else ""
    if found is None:
        raise OrderRefused(f"there is no ward '{ward}'")
    new = Stage(desk.now, code, found, mode)
    pilots.add(desk.tx, desk.jurisdiction.id, new, desk.inbox_id)
    people.touch(desk.tx, desk.jurisdiction.id)
    _tell(desk, new)
    return [f"{' '.join(filter(None, (code, found))) or 'the whole county'}: {mode}"]


def _tell(desk: Desk, new: Stage) -> None:
    roster = people.load_roster(desk.tx, desk.jurisdiction.id)
    groups = [*roster.groups("department", new.service_code or None), *roster.groups("communications")]
    catalogue = desk.jurisdiction.catalogue
    for group in groups:
        language = group.language or desk.jurisdiction.language
        department = catalogue.term(f"department.{new.service_code}", language) if new.service_code else ""
        scope = ", ".join(filter(None, (department, new.ward))) or desk.jurisdiction.protocol.file.pack.name
        said: dict[str, object] = {"mode": new.mode, "scope": scope}
        desk.notices.append(staffing.line(desk.jurisdiction, group, "pilot_set", said, f"order|{desk.inbox_id}"))
