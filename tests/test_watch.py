from __future__ import annotations

import asyncio
import functools
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconnectd.adapters import watch
from reconnectd.adapters.watch import FileWatch

KERNEL = pytest.mark.skipif(sys.platform != "linux", reason="inotify is of Linux")


class Changes:
    """What was told, and a way to wait for the next one."""

    def __init__(self) -> None:
        self.told: list[Path] = []
        self._event = asyncio.Event()

    def changed(self, path: Path) -> None:
        self.told.append(path)
        self._event.set()

    async def next(self) -> Path:
        async with asyncio.timeout(5):
            await self._event.wait()
        self._event.clear()
        return self.told[-1]

    async def none(self) -> bool:
        await asyncio.sleep(2.5 * watch.QUIET)
        return not self.told


@pytest.fixture(autouse=True)
def short_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "QUIET", 0.03)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "reconnectd" / "config.toml"
    path.parent.mkdir()
    path.write_text("one")
    return path


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture(name="kind", params=[pytest.param("kernel", marks=KERNEL), "polling"])
def _kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "polling":
        monkeypatch.setattr(watch, "_Inotify", refused)
        monkeypatch.setattr(watch, "_Polling", functools.partial(watch._Polling, every=0.02))


def refused(*_: object) -> None:
    raise OSError("no inotify left")


def save(path: Path, text: str) -> None:
    path.write_text(text)


def written(path: Path) -> None:
    path.write_text("another one")


def renamed_over(path: Path) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text("another one")
    fresh.replace(path)


def save_with_folders(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("hello")


def moved_away_and_written_anew(path: Path) -> None:
    path.rename(path.with_suffix(".bak"))
    path.write_text("another one")


def deleted(path: Path) -> None:
    path.unlink()


def made_readable(path: Path) -> None:
    path.chmod(0o640)


def folder_deleted(path: Path) -> None:
    shutil.rmtree(path.parent)


def folder_moved_away(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


CHANGES = [
    written,
    renamed_over,
    moved_away_and_written_anew,
    deleted,
    made_readable,
    folder_deleted,
    folder_moved_away,
]


@pytest.mark.usefixtures("kind")
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
async def test_a_change_is_told(config: Path, changes: Changes, change: Callable[[Path], None]) -> None:
    files = FileWatch([config], changes.changed)
    files.start()
    change(config)
    assert await changes.next() == config
    files.stop()


@pytest.mark.usefixtures("kind")
async def test_it_keeps_watching_through_everything(config: Path, changes: Changes) -> None:
    files = FileWatch([config], changes.changed)
    files.start()
    for change in (*CHANGES[:3], folder_deleted):
        change(config)
        assert await changes.next() == config
    save_with_folders(config)
    assert await changes.next() == config
    files.stop()


@pytest.mark.usefixtures("kind")
async def test_a_file_that_appears_with_all_its_folders_is_told(tmp_path: Path, changes: Changes) -> None:
    path = tmp_path / "not" / "yet" / "there" / "config.toml"
    files = FileWatch([path], changes.changed)
    files.start()
    save_with_folders(path)
    assert await changes.next() == path
    save(path, "hello again")
    assert await changes.next() == path
    files.stop()


@pytest.mark.usefixtures("kind")
async def test_a_link_that_is_switched_is_told(tmp_path: Path, changes: Changes) -> None:
    localtime = tmp_path / "localtime"
    for name in ("Berlin", "Lisbon"):
        (tmp_path / name).write_text(name)
    localtime.symlink_to("Berlin")
    files = FileWatch([localtime], changes.changed)
    files.start()
    fresh = tmp_path / "localtime.new"
    fresh.symlink_to("Lisbon")
    fresh.replace(localtime)
    assert await changes.next() == localtime
    (tmp_path / "Lisbon").write_text("new rules of time")
    assert await changes.next() == localtime
    files.stop()


@pytest.mark.usefixtures("kind")
async def test_a_file_that_is_a_link_into_a_folder_of_dotfiles_is_told(tmp_path: Path, changes: Changes) -> None:
    dotfiles, home = tmp_path / "dotfiles", tmp_path / "home"
    dotfiles.mkdir()
    home.mkdir()
    (dotfiles / "config.toml").write_text("one")
    config = home / "config.toml"
    config.symlink_to("../dotfiles/config.toml")
    files = FileWatch([config], changes.changed)
    files.start()
    renamed_over(dotfiles / "config.toml")
    assert await changes.next() == config
    files.stop()


@pytest.mark.usefixtures("kind")
async def test_a_folder_that_is_a_link_and_is_switched_is_told(tmp_path: Path, changes: Changes) -> None:
    for name in ("generation-1", "generation-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.toml").write_text(name)
    current = tmp_path / "current"
    current.symlink_to("generation-1")
    files = FileWatch([current / "config.toml"], changes.changed)
    files.start()
    (tmp_path / "next").symlink_to("generation-2")
    (tmp_path / "next").replace(current)
    assert await changes.next() == current / "config.toml"
    files.stop()


@pytest.mark.usefixtures("kind")
async def test_neighbours_do_not_matter(config: Path, changes: Changes) -> None:
    files = FileWatch([config], changes.changed)
    files.start()
    (config.parent / "config.toml.swp").write_text("an editor's own")
    (config.parent / "4913").write_text("an editor trying")
    (config.parent / "4913").unlink()
    assert await changes.none()
    files.stop()


async def test_a_burst_is_told_once(config: Path, changes: Changes) -> None:
    files = FileWatch([config], changes.changed)
    files.start()
    for n in range(10):
        save(config, str(n))
        await asyncio.sleep(0.003)
    await changes.next()
    await asyncio.sleep(3 * watch.QUIET)
    assert changes.told == [config]
    files.stop()


async def test_what_never_stops_changing_is_told_all_the_same(
    config: Path, changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "PATIENCE", 0.1)
    monkeypatch.setattr(watch, "QUIET", 1.0)
    files = FileWatch([config], changes.changed)
    files.start()
    for n in range(30):
        save(config, str(n))
        await asyncio.sleep(0.01)
    assert changes.told
    files.stop()


async def test_each_of_several_files_is_told_by_its_own_name(tmp_path: Path, changes: Changes) -> None:
    paths = [tmp_path / name for name in ("a", "b", "c")]
    files = FileWatch(paths, changes.changed)
    files.start()
    paths[2].write_text("c")
    paths[0].write_text("a")
    await changes.next()
    await asyncio.sleep(2 * watch.QUIET)
    assert sorted(changes.told) == [paths[0], paths[2]]
    files.stop()


@pytest.mark.usefixtures("kind")
async def test_after_the_stop_nothing_is_told(config: Path, changes: Changes) -> None:
    files = FileWatch([config], changes.changed)
    files.start()
    save(config, "two")
    await asyncio.sleep(0)
    files.stop()
    files.stop()
    assert await changes.none()


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@KERNEL
async def test_the_kernel_gets_everything_back(config: Path, changes: Changes) -> None:
    before = open_descriptors()
    files = FileWatch([config], changes.changed)
    files.start()
    files.start()
    files.stop()
    assert open_descriptors() == before


@KERNEL
async def test_lost_events_count_as_a_change_of_everything(config: Path, changes: Changes) -> None:
    files = FileWatch([config], changes.changed)
    files.start()
    assert isinstance(files._watcher, watch._Inotify)
    assert files._watcher._touched(-1, 0x4000, "") == {config}
    files.stop()
