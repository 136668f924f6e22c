"""What sam build makes: complete, small, quick to start, and of the right kind for Lambda's machine."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.local_aws import PROJECT, PYTHON, LocalAws

# What Lambda's runtime has besides Python.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")
SETTINGS = {
    "BUCKET": "a-bucket", "QUEUE_URL": "x", "DEAD_LETTERS_URL": "x", "ALARM_TOPIC": "x", "DIGEST_TOPIC": "x",
    "TIME_ZONE": "UTC", "SCHEDULE": "rate(15 minutes)", "RETENTION_DAYS": "0", "LARGEST_BODY_MIB": "10",
    "POWERTOOLS_SERVICE_NAME": "x", "POWERTOOLS_METRICS_NAMESPACE": "x", "PYTHONDONTWRITEBYTECODE": "1",
    "AWS_DEFAULT_REGION": "eu-central-1",
}  # fmt: skip
INVOKE = """
import json, sys, types
context = types.SimpleNamespace(function_name="f", memory_limit_in_mb=1, invoked_function_arn="a", aws_request_id="r")
import handler, feedarchive
from feedarchive.feeds.starter import starter_feeds
print(json.dumps([feedarchive.__file__, handler.__file__, len(starter_feeds())]))
handler.handler({}, context)
"""
SET_UP = {
    "fetch_feeds": "import handler, settings; settings.store()",
    "build_digest": "import handler; handler.store()",
}


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what Lambda's runtime has, and nothing else of this machine."""
    site = next((PYTHON.parents[1] / "lib").glob("python3*")) / "site-packages"
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        (folder / name).symlink_to(site / name)
    return folder


@pytest.fixture(scope="module")
def layer(built: Path) -> Path:
    return built / "CoreX86" / "python"


def run(code: str, path: list[Path], account: LocalAws | None = None) -> subprocess.CompletedProcess[str]:
    """Python without any site-packages: only these folders are on its path."""
    home = account.environment if account else {"PATH": os.environ["PATH"]}
    environment = {**home, **SETTINGS, "PYTHONPATH": os.pathsep.join(map(str, path))}
    return subprocess.run(
        [PYTHON, "-S", "-c", code], env=environment, cwd="/", capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("function", ["fetch_feeds", "build_digest"])
def test_both_handlers_run_from_what_was_built_and_nothing_else(
    function: str, layer: Path, runtime: Path, account: LocalAws
) -> None:
    code = PROJECT / "functions" / function
    done = run(INVOKE, [code, layer, runtime], account)
    # As far as a bucket that is not there.
    assert "StoreError: cannot read s3://a-bucket/archive.json: there is no such bucket" in done.stderr, done.stderr
    program, handler, starter = json.loads(done.stdout.splitlines()[0])
    assert Path(program).is_relative_to(layer)
    assert Path(handler).is_relative_to(code)
    assert starter > 1000


def test_the_layer_is_small_and_has_neither_boto3_nor_what_only_people_use(layer: Path) -> None:
    size = sum(path.stat().st_size for path in layer.rglob("*") if path.is_file())
    print(f"{size / 2**20:.0f} MiB unzipped")
    assert size < 60 * 2**20
    assert not {"boto3", "botocore", "rich", "playwright"} & {path.name for path in layer.iterdir()}
    assert not (layer / "html_to_markdown" / "bin").exists()


def test_the_template_is_valid_and_lint_finds_nothing(account: LocalAws) -> None:
    said = account.sam("validate", "--lint", "--template-file", str(PROJECT / "template.yaml"))
    assert "is a valid SAM Template" in said


def test_the_templates_that_were_built_name_what_is_there(built: Path) -> None:
    template = (built / "template.yaml").read_text()
    assert "ContentUri: CoreArm64" in template
    assert "ContentUri: CoreX86" in template
    assert "functions/fetch_feeds" in template


@pytest.mark.parametrize(("target", "machine"), [("CoreArm64", 183), ("CoreX86", 62)])
def test_a_layer_for_lambda_has_code_for_lambdas_machine_only(target: str, machine: int, tmp_path: Path) -> None:
    """Built as everybody builds it, with whatever Python is here. 183 and 62: e_machine of ELF."""
    environment = {**os.environ, "ARTIFACTS_DIR": str(tmp_path), "PYTHON": sys.executable}
    environment.pop("LAYER_INTERPRETER", None)
    subprocess.run(
        ["make", "--makefile", "layers/core/Makefile", f"build-{target}"],
        cwd=PROJECT, env=environment, capture_output=True, check=True,
    )  # fmt: skip
    libraries = list(tmp_path.rglob("*.so"))
    assert {"etree", "nh3", "_yaml"} <= {path.name.partition(".")[0] for path in libraries}
    for library in libraries:
        assert int.from_bytes(library.read_bytes()[18:20], "little") == machine, library
        assert ".abi3." in library.name or "cpython-313" in library.name


@pytest.mark.parametrize("function", ["fetch_feeds", "build_digest"])
def test_a_function_starts_in_at_most_twice_the_time_of_boto3_with_an_s3_client(
    function: str, layer: Path, runtime: Path
) -> None:
    """CPU time, the best of five each, taken in turns."""
    code = PROJECT / "functions" / function
    ours, theirs = [], []
    for _ in range(5):
        theirs.append(cpu_seconds("import boto3; boto3.client('s3')", [runtime]))
        ours.append(cpu_seconds(SET_UP[function], [code, layer, runtime]))
    print(f"{function}: {min(ours):.2f} s, boto3 with an S3 client: {min(theirs):.2f} s")
    assert min(ours) <= 2 * min(theirs)


def cpu_seconds(code: str, path: list[Path]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run(code, path)
    assert done.returncode == 0, done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
