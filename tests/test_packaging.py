"""What is installed is what was written: the wheel holds every file that the program reads, works from any folder,
and the locks pin every byte without saying where it comes from."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = ("hallq", "firmware_protocols", "kiosk_ui")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOADED_BY_NAME = {"httptools", "uvloop", "websockets", "tzdata"}  # found by uvicorn and zoneinfo, not imported by us


def run(*command: str | Path, cwd: Path = ROOT, **env: str) -> str:
    done = subprocess.run(command, cwd=cwd, env=os.environ | env, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tracked(*paths: str) -> set[str]:
    # a clone may belong to another user than the one who tests it
    listing = run("git", "-c", "safe.directory=*", "ls-files", "-z", "--", *paths)
    return {name for name in listing.split("\0") if name and (ROOT / name).exists()}


def pip(*arguments: str | Path) -> None:
    run(sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments, "--quiet", "--no-deps", "--no-index")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    return next(folder.glob("hallq-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed project and nothing of the work tree."""
    target = tmp_path_factory.mktemp("installed")
    pip("install", "--target", target, wheel)
    return target


def test_wheel_holds_every_file_that_is_tracked(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert tracked(*SHIPPED) - inside == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"hallq/texts/.+\.toml",
        r"hallq/.*migrations/.+\.py",
        r"hallq/web/templates/.+\.html",
        r"kiosk_ui/.+\.js",
        r"kiosk_ui/.+\.css",
        r"firmware_protocols/specs/.+\.md",
        r"firmware_protocols/vectors/.+\.json",
    ],
)
def test_wheel_holds_each_kind_of_data(wheel: Path, pattern: str) -> None:
    assert any(re.fullmatch(pattern, name) for name in zipfile.ZipFile(wheel).namelist())


def test_installed_command_works_from_any_folder(installed: Path, tmp_path: Path) -> None:
    where = run(sys.executable, "-c", "import hallq; print(hallq.__file__)", cwd=tmp_path, PYTHONPATH=str(installed))
    assert Path(where.strip()).is_relative_to(installed)
    run(sys.executable, "-m", "hallq", "init", tmp_path / "hall", cwd=tmp_path, PYTHONPATH=str(installed))
    assert (tmp_path / "hall" / "hall.toml").exists()
    assert (tmp_path / "hall" / "catalog.toml").exists()
    assert (installed / "bin" / "hallq").exists()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-voice.lock"])
def test_lock_pins_every_package_by_hash_and_names_no_place(lock: str) -> None:
    text = re.sub(r"\s*#.*", "", (ROOT / lock).read_text())
    for requirement in text.replace("\\\n", " ").strip().splitlines():
        assert re.fullmatch(r"[\w.-]+==\S+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", requirement), requirement


def test_locks_hold_what_the_project_asks_for() -> None:
    extra = PYPROJECT["project"]["optional-dependencies"]["dev"]
    assert declared(PYPROJECT["project"]["dependencies"]) | {"hatchling"} <= locked("requirements.lock")
    assert locked("requirements.lock") | declared(extra) <= locked("requirements-dev.lock")
    voice = PYPROJECT["project"]["optional-dependencies"]["voice"]
    assert locked("requirements.lock") | declared(voice) <= locked("requirements-voice.lock")


def test_what_is_imported_is_declared_and_what_is_declared_is_used() -> None:
    runtime = declared(PYPROJECT["project"]["dependencies"])
    dev = declared(PYPROJECT["project"]["optional-dependencies"]["dev"])
    voice = declared(PYPROJECT["project"]["optional-dependencies"]["voice"])  # where it is installed
    assert packages_used_by("hallq") - voice | LOADED_BY_NAME == runtime
    assert packages_used_by("tests", "bench") <= runtime | dev


def test_no_tracked_file_names_a_package_host_or_a_workplace() -> None:
    names = re.compile(r"py[p]i\.org|python[h]osted|[n]pmjs|[d]eb\.debian|(?<![\w.}])/[w]ork/", re.IGNORECASE)
    texts = {name: (ROOT / name).read_text(errors="replace") for name in tracked()}
    assert [name for name, text in texts.items() if names.search(text)] == []


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=~!\[; ]", line)[0]) for line in requirements}


def locked(lock: str) -> set[str]:
    return {normal(name) for name in re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(), re.MULTILINE)}


def packages_used_by(*folders: str) -> set[str]:
    owners = importlib.metadata.packages_distributions()
    names = set().union(*map(imports_of, folders)) - {*SHIPPED, "tests", "bench"}
    return {normal(owner) for name in names for owner in owners.get(name, [])}


def imports_of(package: str) -> set[str]:
    nodes = (node for path in (ROOT / package).rglob("*.py") for node in ast.walk(ast.parse(path.read_text())))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found
