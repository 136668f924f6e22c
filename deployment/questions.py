"""The four questions of `make deploy`. A question is repeated until its answer is valid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deployment.account import Account
from deployment.template import Parameter

Ask = Callable[[str], str]
"""Shows a prompt and returns a line."""


@dataclass(frozen=True)
class Question:
    """A question, what its answer is used for, and the default answer."""

    text: str
    meaning: str
    default: str = ""

    def prompt(self) -> str:
        return f"\n{self.meaning}\n{self.text} [{self.default or 'none'}]: "


@dataclass(frozen=True)
class Interview:
    """Asks the questions. ``ask`` reads a line, ``ask_secret`` reads a line without showing it, ``say`` prints one."""

    parameters: Mapping[str, Parameter]
    account: Account
    ask: Ask
    ask_secret: Ask
    say: Callable[[str], None]

    def run(self, stack: str, time_zone: str) -> dict[str, str]:
        """Ask all questions. Return the parameters that differ from their default."""
        email = self._answer(
            "Email",
            Question(
                "E-mail address", "Receives each day's digest and every alarm. AWS sends one e-mail first: confirm it."
            ),
        )
        bucket = self._answer(
            "ExistingBucket",
            Question(
                "Existing bucket", "To continue an archive that is in a bucket already. Leave it empty for a new one."
            ),
            self.account.archive_problem,
        )
        zone = (
            ""
            if bucket
            else self._answer(
                "TimeZone",
                Question("Time zone", "Days begin and end in this time zone. It cannot be changed later.", time_zone),
            )
        )
        password = self._password(stack)
        given = {"Email": email, "ExistingBucket": bucket, "TimeZone": zone, "ReadingPassword": password}
        return {name: value for name, value in given.items() if value not in ("", self.parameters[name].default)}

    def _answer(self, name: str, question: Question, check: Callable[[str], str] = lambda value: "") -> str:
        while True:
            value = self.ask(question.prompt()).strip() or question.default
            problem = self.parameters[name].problem(value) or (check(value) if value else "")
            if not problem:
                return value
            self.say(f"{problem}.")

    def _password(self, stack: str) -> str:
        """Ask for a password and store it in SSM. Return the name of the SSM parameter; "" if no password is wanted."""
        meaning = (
            "To read the pages in a browser, choose a password of 12 characters or more. They are then served\n"
            "over HTTPS to whoever has it. Leave it empty to serve nothing."
        )
        while True:
            password = self.ask_secret(Question("Password", meaning).prompt()).strip()
            if not password:
                return ""
            problem = "the password needs at least 12 characters" if len(password) < 12 else ""
            name = f"/feedarchive/{stack}-reading"
            problem = problem or self.account.store_password(name, password)
            if not problem:
                return name
            self.say(f"{problem}.")
