"""What is built from this folder is whole: wheel, sdist, both programs, the lock and the shell around them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from needs import PACKAGE
from packaging.requirements import Requirement

from reconnectd import __version__

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = ROOT / "requirements-ci.txt"

DATA = f"reconnectd-{__version__}.data/data/share/man"
SHIPPED = {
    f"{DATA}/man1/reconnect.1": ROOT / "docs" / "man" / "reconnect.1",
    f"{DATA}/man1/reconnectd.1": ROOT / "docs" / "man" / "reconnectd.1",
    f"{DATA}/man5/reconnectd-config.5": ROOT / "docs" / "man" / "reconnectd-config.5",
    **{
        f"reconnectd/cli/shells/reconnect.{shell}": ROOT / "reconnectd" / "cli" / "shells" / f"reconnect.{shell}"
        for shell in ("bash", "zsh", "fish")
    },
    "reconnectd/py.typed": None,
    "reconnectd/config.example.toml": ROOT / "config" / "config.example.toml",
    "reconnectd/systemd/reconnectd.service": ROOT / "systemd" / "reconnectd.service",
    "reconnectd/systemd/hardened.conf": ROOT / "systemd" / "hardened.conf",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, made from a copy with a space in its path."""
    source = tmp_path_factory.mktemp("a folder") / "reconnectd"
    source.mkdir()
    for name in ["pyproject.toml", "README.md", "LICENSE", "Makefile", "requirements-ci.txt"]:
        shutil.copy(ROOT / name, source)
    for name in ["reconnectd", "config", "systemd", "tests", "docs", ".ci"]:
        shutil.copytree(ROOT / name, source / name)
    run(sys.executable, "-m", "hatchling", "build", "-d", "dist", cwd=source)
    return source / "dist"


def run(*argv: str | Path, cwd: Path | None = None, **environ: str) -> str:
    ran = subprocess.run(
        argv, cwd=cwd, env={**os.environ, **environ}, capture_output=True, text=True, timeout=100, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_the_wheel_has_every_module_and_the_shipped_files(built: Path) -> None:
    with zipfile.ZipFile(only(built, "*.whl")) as wheel:
        names = set(wheel.namelist())
        for name, original in SHIPPED.items():
            assert wheel.read(name) == (original.read_bytes() if original else b"")
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "reconnectd").rglob("*.py")}
    assert modules <= names
    ours = ("reconnectd/", f"reconnectd-{__version__}.dist-info/", *SHIPPED)
    strangers = {name for name in names if not name.startswith(ours)}
    assert strangers == set()


def test_the_sdist_can_be_built_and_tested_again(built: Path) -> None:
    with tarfile.open(only(built, "*.tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {
        "Makefile",
        ".ci/venv",
        "LICENSE",
        "systemd/reconnectd.service",
        "systemd/hardened.conf",
        "config/config.example.toml",
    }
    assert wanted | {"tests/needs.py", "reconnectd/__main__.py"} <= names


@pytest.fixture(scope="module")
def programs(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel's programs are installed, with the libraries of the environment that runs the tests."""
    folder = tmp_path_factory.mktemp("another folder") / "with a space"
    venv.create(folder, with_pip=False, symlinks=True)
    run(sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "--no-deps",
        "--no-index", only(built, "*.whl"))  # fmt: skip
    site = run(folder / "bin" / "python", "-c", "import site; print(site.getsitepackages()[0])").strip()
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    Path(site, "libraries.pth").write_text("\n".join(libraries))
    return folder / "bin"


@pytest.mark.parametrize(
    ("program", "words"),
    [("reconnectd", f"reconnectd {__version__}"), ("reconnect", f"reconnect, version {__version__}")],
)
def test_both_programs_run_from_a_folder_with_a_space(programs: Path, program: str, words: str, tmp_path: Path) -> None:
    assert run(programs / program, "--version", cwd=tmp_path).strip() == words


def test_the_installed_package_finds_its_unit(programs: Path, tmp_path: Path) -> None:
    program = "import reconnectd; from reconnectd.adapters.user_service import UNIT, shipped; \
        print(reconnectd.__file__); print(shipped(UNIT))"
    said = run(programs / "python", "-c", program, cwd=tmp_path)
    assert said.startswith(str(programs.parent))
    assert "ExecStart=" in said


def test_the_installed_init_makes_a_config_that_the_installed_check_likes(programs: Path, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "XDG_DATA_HOME": ""}
    run(programs / "reconnect", "init", "--defaults", cwd=tmp_path, **home)
    assert "times a week" in run(programs / "reconnect", "config", "check", cwd=tmp_path, **home)


def needed() -> Iterator[Requirement]:
    groups = PROJECT["dependency-groups"]
    extras = PROJECT["project"]["optional-dependencies"]
    for line in [*PROJECT["project"]["dependencies"], *extras["server"], *groups["test"], *groups["check"]]:
        yield Requirement(line)


@pytest.mark.parametrize("need", list(needed()), ids=str)
def test_the_lock_has_what_the_project_needs(need: Requirement) -> None:
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK.read_text(), re.MULTILINE))
    name = need.name.lower().replace("_", "-")
    assert name in pinned, "make lock"
    assert need.specifier.contains(pinned[name]), "make lock"


def test_the_lock_names_no_host() -> None:
    assert "://" not in LOCK.read_text()


def test_every_pin_of_the_lock_has_hashes() -> None:
    pins = re.findall(r"^\S+==.*\n    --hash=sha256:[0-9a-f]{64}", LOCK.read_text(), re.MULTILINE)
    assert len(pins) == len(re.findall(r"^\S+==", LOCK.read_text(), re.MULTILINE)) > 50


def test_ci_installs_every_debian_package_that_a_test_needs() -> None:
    assert set(PACKAGE.values()) <= set((ROOT / ".ci" / "packages").read_text().split())


def fake(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def pretend(version: str, *, new_enough: bool = True, can_make_venvs: bool = True) -> str:
    """A Python of that version, as far as `.ci/venv` asks."""
    new = "exit 0" if new_enough else "exit 1"
    able = "exit 0" if can_make_venvs else "exit 1"
    return f'case "$2" in *%d.%d*) echo {version} ;; *sys.exit*) {new} ;; *ensurepip*) {able} ;; esac'


def venv_without(tmp_path: Path, *pythons: tuple[str, str]) -> subprocess.CompletedProcess[str]:
    """Run .ci/venv in an empty project, with only these Pythons on PATH."""
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname", "cat", "printf"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    for name, script in pythons:
        fake(tmp_path / "bin", name, script)
    (tmp_path / "a project" / ".ci").mkdir(parents=True)
    script = str(shutil.copy(str(ROOT / ".ci" / "venv"), tmp_path / "a project" / ".ci"))
    environ = {"PATH": str(tmp_path / "bin"), "HOME": ""}
    return subprocess.run(["sh", script], env=environ, capture_output=True, text=True, timeout=30, check=False)


def test_no_python_at_all_is_said_with_what_to_do(tmp_path: Path) -> None:
    ran = venv_without(tmp_path)
    assert ran.returncode == 1
    assert "there is no Python here" in ran.stderr
    assert "apt install python3 python3-venv" in ran.stderr


def test_a_python_that_is_too_old_is_said_with_what_to_do(tmp_path: Path) -> None:
    ran = venv_without(tmp_path, ("python3", pretend("3.9", new_enough=False)))
    assert ran.returncode == 1
    assert "needs Python 3.11 or newer; here is Python 3.9" in ran.stderr
    assert "install a newer one" in ran.stderr


def test_a_missing_python3_venv_is_said_with_what_to_do(tmp_path: Path) -> None:
    ran = venv_without(tmp_path, ("python3", pretend("3.11", can_make_venvs=False)))
    assert ran.returncode == 1
    assert "python3-venv is not installed" in ran.stderr
    assert "apt install python3-venv" in ran.stderr


def test_the_first_python_that_can_do_it_is_taken(tmp_path: Path) -> None:
    able = pretend("3.12") + '\n[ "$2" != venv ] || echo "I make $4" >&2'
    bare = pretend("3.13", can_make_venvs=False)
    ran = venv_without(
        tmp_path, ("python3.13", bare), ("python3.12", able), ("python3", pretend("3.9", new_enough=False))
    )
    assert "Making .venv with Python 3.12" in ran.stdout
    assert "I make .venv" in ran.stderr
