"""`make deploy`: look at the credentials, ask four questions the first time, build, and deploy with the SAM CLI."""

from __future__ import annotations

import argparse
import getpass
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deployment.account import Account, NoAccount, find_account
from deployment.answers import FILE, Answers, read_answers, write_answers
from deployment.bytecode import WARNING, find_compiler
from deployment.questions import Interview
from deployment.template import PROJECT, read_parameters
from feedarchive.subscriptions.new_archive import machine_time_zone

_SAM = PROJECT / ".venv-sam" / "bin" / "sam"


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy. Return the exit status: 2 if no credentials work, otherwise that of the SAM CLI."""
    options = _parser().parse_args(arguments)
    try:
        account = find_account()
    except NoAccount as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 2
    print(f"AWS account {account.number}, region {account.region}, as {account.identity}")
    answers = read_answers(options.answers)
    if answers is None:
        answers = ask(account, options.stack)
        write_answers(answers, options.answers)
        print(f"\nSaved in {options.answers.name}, which git does not track.")
    problems = [problem for name, value in answers.parameters.items() if (problem := _problem(name, value))]
    if answers.region != account.region:
        problems.append(
            f"the stack is in {answers.region}, and your region is {account.region}: set AWS_DEFAULT_REGION"
        )
    for problem in problems:
        print(f"deploy: {options.answers.name}: {problem}", file=sys.stderr)
    return 2 if problems else run_sam(options.answers)


def ask(account: Account, stack: str) -> Answers:
    """Ask for the parameters on the terminal."""
    print("Press Enter for the answer in brackets. docs/aws.md describes the other parameters.")
    interview = Interview(read_parameters(), account, input, getpass.getpass, print)
    return Answers(stack, account.region, interview.run(stack, machine_time_zone()))


def run_sam(file: Path) -> int:
    """Build and deploy. Return the exit status of the SAM CLI."""
    compiler = find_compiler()
    if compiler is None:
        print(f"deploy: {WARNING}", file=sys.stderr)
    environment = {**os.environ, **({"LAYER_COMPILER": str(compiler)} if compiler else {})}
    for command in (["build"], ["deploy", "--config-file", str(file.resolve())]):
        done = subprocess.run([_SAM, *command], cwd=PROJECT, env=environment, check=False)  # noqa: S603
        if done.returncode:
            return done.returncode
    return 0


def _problem(name: str, value: str) -> str:
    parameter = read_parameters().get(name)
    return parameter.problem(value) if parameter else f"there is no parameter {name}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__)
    parser.add_argument("--stack", default="feedarchive", help="name of a new stack")
    parser.add_argument("--answers", type=Path, default=FILE, metavar="FILE", help="where the answers are saved")
    return parser


if __name__ == "__main__":
    sys.exit(main())
