"""Importing in the browser as an organizer does it, on a phone and at a desk; each page and state clean for axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from schedule.exchange.imports.runs import lifecycle as runs
from schedule.exchange.imports.worker import carry_out
from schedule.models import ImportRun, Session
from tests.e2e.conftest import Visit
from tests.e2e.inspecting import Inspection, inspection
from tests.e2e.stage import Stage

__all__ = ["inspection"]  # a fixture of theirs
TABLE = (
    "Code;Titel;Dauer;Tag;Beginn;Raum;Referenten;E-Mail;Notiz\r\n"
    "A1;Über Städte und die Menschenrechte in einer Zeile;45;16.9.2017;10:00;Hall;Ada Beispiel;ada@example.org;x\r\n"
    "A2;Frühstück;30;16.9.2017;08:00;Café;;;\r\n"
    "A3;Kaputt;bald;02/07/2027;08:00;Café;;;\r\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "programm.csv"
    file.write_bytes(TABLE.encode("cp1252"))
    return file


@pytest.fixture
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import waits until a test carries it out."""
    monkeypatch.setattr(runs, "wake", lambda run_id: None)


def newest() -> ImportRun:
    return ImportRun.objects.latest("pk")


def test_a_table_is_brought_in(
    stage: Stage, inspection: Inspection, table: Path, tmp_path: Path, no_worker: None
) -> None:
    page = inspection.visitor.page
    inspection.visitor.sign_in_as(stage.organizer())
    inspection.see("/organize/forum/import/")
    inspection.submit("without a file")
    picture = tmp_path / "programm.xls"
    picture.write_bytes(b"<html><table><tr><td>Titel</td></tr></table></html>")
    page.locator("#id_file").set_input_files(picture)
    inspection.submit("with a web page")
    page.locator("#id_file").set_input_files(table)
    inspection.submit("the columns")
    page.locator("#id_column_0_2").select_option("session.title")
    inspection.submit("the columns with errors")
    page.locator("#id_column_0_2").select_option("session.minutes")
    inspection.submit("the preview")
    breakfast = page.get_by_role("row").filter(has_text="Frühstück").get_by_role("checkbox")
    breakfast.check()
    page.locator("button[value=chosen]").first.click()
    page.locator("button[value=agreed]").wait_for()
    inspection.here("what comes along")
    page.locator("button[value=back]").click()
    breakfast.uncheck()
    page.get_by_role("row").filter(has_text="Café").first.get_by_role("checkbox").check()
    page.locator("button[value=chosen]").first.click()
    page.wait_for_url("**/progress/")
    inspection.here("waiting")
    runs.begin(newest().pk, now=timezone.now())
    runs.beat(newest().pk, phase="write", dealt=1, total=3, now=timezone.now())
    page.locator("progress[value]").wait_for()
    inspection.here("importing")
    inspection.submit("cancelled")
    assert page.get_by_role("row").filter(has_text="Café").first.get_by_role("checkbox").is_checked()
    page.locator("button[value=all]").first.click()
    page.wait_for_url("**/progress/")
    runs.break_off(newest(), "refused", refusal="A room cannot be a part of itself.", now=timezone.now())
    page.wait_for_url("**/preview/")
    inspection.here("refused")
    page.locator("button[value=all]").first.click()
    page.wait_for_url("**/progress/")
    carry_out(newest().pk)
    page.wait_for_url("**/result/")
    inspection.here("all of it")
    inspection.see("/organize/forum/import/")
    assert sorted(Session.objects.filter(code__startswith="A").values_list("code", flat=True)) == ["A1", "A2"]
    assert inspection.found == [], "\n".join(inspection.found)


def test_without_scripts_one_looks_again(stage: Stage, visit: Visit, table: Path, no_worker: None) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    visitor.sign_in_as(stage.organizer())
    visitor.open("/organize/forum/import/")
    page.locator("#id_file").set_input_files(table)
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("button", name="Show what would change").click()
    page.locator("button[value=all]").first.click()
    assert visitor.path.endswith("/progress/")
    carry_out(newest().pk)
    page.get_by_role("link", name="Look again").click()
    assert visitor.path.endswith("/result/")
