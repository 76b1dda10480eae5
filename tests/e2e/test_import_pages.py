"""Importing in the browser as an organizer does it, on a phone and at a desk; each page clean for axe on the way."""

from __future__ import annotations

from pathlib import Path

from schedule.models import Session
from tests.e2e.inspecting import Inspection, inspection
from tests.e2e.stage import Stage

__all__ = ["inspection"]  # a fixture of theirs
TABLE = (
    "Code;Titel;Dauer;Tag;Beginn;Raum;Referenten;E-Mail;Notiz\r\n"
    "A1;Über Städte und die Menschenrechte in einer Zeile;45;16.9.2017;10:00;Hall;Ada Beispiel;ada@example.org;x\r\n"
    "A2;Frühstück;30;16.9.2017;08:00;Café;;;\r\n"
    "A3;Kaputt;bald;02/07/2027;08:00;Café;;;\r\n"
)


def test_a_table_is_brought_in(stage: Stage, inspection: Inspection, tmp_path: Path) -> None:  # a fixture
    file = tmp_path / "programm.csv"
    file.write_bytes(TABLE.encode("cp1252"))
    page = inspection.visitor.page
    inspection.visitor.sign_in_as(stage.organizer())
    inspection.see("/organize/forum/import/")
    inspection.submit("without a file")
    page.locator("#id_file").set_input_files(file)
    inspection.submit("the columns")
    inspection.submit("the preview")
    page.get_by_role("row").filter(has_text="Café").first.get_by_role("checkbox").check()
    page.locator("button[value=chosen]").click()
    page.wait_for_url("**/result/")
    inspection.here("some of it")
    page.go_back()
    page.reload()
    page.locator("button[value=all]").click()
    page.wait_for_url("**/result/")
    inspection.here("all of it")
    inspection.see("/organize/forum/import/")
    assert sorted(Session.objects.filter(code__startswith="A").values_list("code", flat=True)) == ["A1", "A2"]
    assert inspection.found == [], "\n".join(inspection.found)
