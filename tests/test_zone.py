from __future__ import annotations

import os
import subprocess
import sys
import zoneinfo
from pathlib import Path

import pytest

from reconnectd.adapters.zone import local_zone_name, zone_identity

SHARE = "/usr/share/zoneinfo"


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "timezone").write_text("Asia/Tokyo\n")
    return folder


@pytest.mark.parametrize(
    "value",
    ["Europe/Berlin", ":Europe/Berlin", f"{SHARE}/Europe/Berlin", f":{SHARE}/posix/Europe/Berlin"],
)
def test_tz_names_the_zone(etc: Path, value: str) -> None:
    assert local_zone_name({"TZ": value}, etc) == "Europe/Berlin"


@pytest.mark.parametrize(
    "value",
    ["", ":", "CET-1CEST,M3.5.0,M10.5.0/3", "Mars/Phobos", "localtime", ":/etc/localtime", "leapseconds", "../x"],
)
def test_a_tz_without_a_name_leaves_it_to_the_machine(etc: Path, value: str) -> None:
    assert local_zone_name({"TZ": value}, etc) == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (f"{SHARE}/Europe/Berlin", "Europe/Berlin"),
        (f"..{SHARE}/Europe/Berlin", "Europe/Berlin"),
        ("/var/db/timezone/zoneinfo/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        (f"{SHARE}/right/Europe/Lisbon", "Europe/Lisbon"),
        (f"{SHARE}/US/Pacific", "US/Pacific"),
        (f"{SHARE}/UTC", "UTC"),
        (f"{SHARE}/Mars/Phobos", "Asia/Tokyo"),
    ],
)
def test_the_link_of_the_machine_names_the_zone(etc: Path, link: str, name: str) -> None:
    (etc / "localtime").symlink_to(link)
    assert local_zone_name({}, etc) == name


def test_a_link_to_a_link_is_followed(etc: Path) -> None:
    (etc / "localtime").symlink_to("alternatives")
    (etc / "alternatives").symlink_to(f"{SHARE}/Europe/Berlin")
    assert local_zone_name({}, etc) == "Europe/Berlin"


def test_links_in_a_circle_lead_nowhere(etc: Path) -> None:
    (etc / "localtime").symlink_to("localtime")
    assert local_zone_name({}, etc) == "Asia/Tokyo"


def test_a_copied_file_leaves_it_to_the_text(etc: Path) -> None:
    (etc / "localtime").write_bytes(b"TZif2")
    assert local_zone_name({}, etc) == "Asia/Tokyo"


@pytest.mark.parametrize("text", ["", "\xff", "Mars/Phobos"])
def test_where_nothing_tells_there_is_still_a_zone(etc: Path, text: str) -> None:
    (etc / "timezone").write_text(text, "latin-1")
    assert local_zone_name({}, etc) in zoneinfo.available_timezones()


def test_the_usual_path_does_not_import_tzlocal(etc: Path) -> None:
    (etc / "localtime").symlink_to(f"{SHARE}/Europe/Berlin")
    program = (
        "import sys; from pathlib import Path; from reconnectd.adapters.zone import local_zone_name as name;"
        "print(name({}, Path(sys.argv[1])), 'tzlocal' in sys.modules)"
    )
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    ran = subprocess.check_output([sys.executable, "-c", program, str(etc)], env=environ, text=True)
    assert ran.split() == ["Europe/Berlin", "False"]


def test_the_identity_changes_with_the_rules_and_with_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "Europe" / "Berlin"
    rules.parent.mkdir()
    rules.write_bytes(b"TZif2 of spring")
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path),))
    first = zone_identity("Europe/Berlin")
    assert zone_identity("Europe/Berlin") == first
    rules.write_bytes(b"TZif2 of another government")
    assert zone_identity("Europe/Berlin") != first


def test_without_files_of_the_system_the_package_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoneinfo, "TZPATH", ())
    assert "unknown" not in zone_identity("Europe/Berlin")


@pytest.mark.parametrize("name", ["Mars/Phobos", "../../etc/passwd", "/etc/passwd", ""])
def test_an_unknown_zone_has_an_identity_too(name: str) -> None:
    assert zone_identity(name) == f"{name} unknown"
