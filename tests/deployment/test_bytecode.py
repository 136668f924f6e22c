"""A Python 3.13 on the PATH compiles the layer. If there is none, a warning is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from deployment import deploy
from deployment.bytecode import WARNING, find_compiler


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, which is the whole PATH. uv finds no Python either, and may not download one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    return tmp_path


def install(path: Path, script: str) -> None:
    program = path / "python3.13"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


def test_the_python_on_the_path_is_used(path: Path) -> None:
    install(path, "echo /usr/lib/python3.13/bin/python")
    assert find_compiler() == Path("/usr/lib/python3.13/bin/python")


@pytest.mark.parametrize("is_broken", [False, True])
def test_without_python_the_layer_is_built_and_a_warning_is_printed(
    path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], is_broken: bool
) -> None:
    if is_broken:  # A version manager may put such a program on the PATH.
        install(path, "exit 127")
    sam = path / "sam"
    sam.write_text('#!/bin/sh\necho "sam $1 with ${LAYER_COMPILER:-no compiler}"\n', encoding="utf-8")
    sam.chmod(0o755)
    monkeypatch.setattr(deploy, "_SAM", sam)
    assert find_compiler() is None
    assert deploy.run_sam(path / "answers.toml") == 0
    output = capfd.readouterr()
    assert output.err.splitlines() == [f"deploy: {WARNING}"]
    assert output.out.splitlines() == ["sam build with no compiler", "sam deploy with no compiler"]
