"""What deploy/ ships is accepted by the programs that will read it, and is as closed as it says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from monitor.cli import cstowatch

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
UNITS = sorted((*SERVICES, *DEPLOY.glob("*.timer")))

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed (Debian: systemd)"
)

# systemd's own sum over what a service may do, 0 (nothing) to 10; it calls below 2 "safe to OK".
OPEN_AT_MOST = 1.5


def _installed(directory: Path) -> list[str]:
    """The units as they are, but for the program: it lies elsewhere on this machine."""
    program = shlex.quote(str(Path(sys.executable).parent / "cstowatch"))
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        (directory / unit.name).write_text(text.replace("/opt/csto-watch/bin/cstowatch", program))
    return [unit.name for unit in UNITS]


@needs_systemd
def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *_installed(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (checked.returncode, checked.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("service", [service.name for service in SERVICES])
def test_a_service_may_do_little_else(service: str, tmp_path: Path) -> None:
    _installed(tmp_path)
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", f"./{service}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    found = re.search(r"Overall exposure level for .*: ([\d.]+)", told.stdout)
    assert found is not None, told.stderr
    assert float(found[1]) <= OPEN_AT_MOST


@pytest.mark.parametrize("unit", [service.name for service in SERVICES])
def test_a_service_starts_a_command_that_there_is(unit: str) -> None:
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    found = re.search(r"^ExecStart=(.+)$", text, re.MULTILINE)
    assert found is not None

    _understood(shlex.split(found[1])[1:])


def test_a_service_that_cannot_mend_itself_is_not_started_again() -> None:
    text = (DEPLOY / "csto-watch.service").read_text(encoding="utf-8")

    assert "RestartPreventExitStatus=2 3" in text


def test_the_composition_opens_nothing_to_other_machines() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]

    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        _understood(service["command"])
    assert services["web"]["ports"] == ["127.0.0.1:8001:8001"]


def test_the_image_runs_as_nobody_special_with_one_volume_and_a_health_check() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")

    assert re.search(r"^USER 10001", text, re.MULTILINE)
    assert re.findall(r"^VOLUME (.+)$", text, re.MULTILINE) == ["/data"]
    assert re.search(r'^HEALTHCHECK .*CMD \["cstowatch", "--quiet", "status"\]$', text, re.MULTILINE)
    copied = {
        name for line in re.findall(r"^COPY (?!--)(.+)$", text, re.MULTILINE) for name in line.split()[:-1]
    }
    root = DEPLOY.parent
    assert all((root / name).exists() for name in copied)
    packages = {path.parent.name for path in root.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages <= copied


def _understood(arguments: list[str]) -> None:
    """Parses the arguments as the program would, without running the command."""
    context = cstowatch.make_context("cstowatch", list(arguments), resilient_parsing=True)
    name, command, rest = cstowatch.resolve_command(context, [*context._protected_args, *context.args])
    assert command is not None, name
    command.make_context(name, rest)
