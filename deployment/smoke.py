"""`make smoke STACK=…`: check in two minutes whether a deployed stack works, and print the results as a table.

FetchFeeds is invoked to plan a run, and BuildDigest to build the digests that are due. The bucket must deny a write
that could overwrite an article. A test announcement is sent.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deployment.findings import Finding, State, as_table
from deployment.report_line import parse_report, share_of_limits

_UNSEEN = (
    "that e-mails arrive: look for the test announcement in your mailbox",
    "that an alarm sends its mail: aws cloudwatch set-alarm-state --alarm-name NAME --state-value ALARM "
    "--state-reason test",
    "what a month costs: Cost Explorer after a few days, by the tag aws:cloudformation:stack-name",
    "many workers at once: ConcurrentExecutions in CloudWatch stays at MaximumWorkers",
)
_DENIED_KEY = "archive/2000/01/01/smoke.example/denied-000000000000.md"


class Smoke:
    """The checks of one stack."""

    def __init__(self, stack: str) -> None:
        self._stack = stack
        found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        self._outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}
        self._status = found["StackStatus"]
        # Do not retry: a second invocation would be another run.
        config = Config(read_timeout=310, retries={"max_attempts": 0})
        self._lambda = boto3.client("lambda", config=config)

    def run(self) -> list[Finding]:
        """Run all checks at the same time. Return their findings in the order in which they are printed."""
        checks: tuple[Callable[[], list[Finding]], ...] = (
            self._stack_status,
            lambda: self._function("FetchFeeds", self._outputs["FetchFunction"]),
            lambda: self._function("BuildDigest", self._outputs["DigestFunction"]),
            self._whole_articles,
            self._core,
            self._denied_write,
            self._announcement,
            self._subscriptions,
            self._alarms,
            self._dead_letters,
        )
        with ThreadPoolExecutor(len(checks)) as pool:
            return [finding for found in pool.map(_guarded, checks) for finding in found]

    def _stack_status(self) -> list[Finding]:
        good = self._status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        return [Finding("stack", State.GOOD if good else State.BAD, self._status)]

    def _whole_articles(self) -> list[Finding]:
        """Check the function CompleteArticles. It is deployed only with the parameter WholeArticles."""
        if not (function := self._outputs.get("CompleteFunction")):
            return []
        return self._function("CompleteArticles", function, b'{"check": true}')

    def _function(self, name: str, function: str, payload: bytes = b"{}") -> list[Finding]:
        response = self._lambda.invoke(FunctionName=function, Payload=payload, LogType="Tail")
        text = response["Payload"].read().decode()
        state = State.BAD if response.get("FunctionError") else State.GOOD
        findings = [Finding(f"{name}: result", state, text[:200])]
        settings = self._lambda.get_function_configuration(FunctionName=function)
        report = parse_report(response.get("LogResult", ""))
        if report is None:
            return [*findings, Finding(f"{name}: REPORT line", State.UNSEEN, "the log has none")]
        used = share_of_limits(report, settings["Timeout"])
        return [*findings, Finding(f"{name}: REPORT line", State.GOOD if used < 0.8 else State.BAD, report.text)]

    def _core(self) -> list[Finding]:
        payload = b'{"measure": "core"}'
        response = self._lambda.invoke(FunctionName=self._outputs["FetchFunction"], Payload=payload)
        text = response["Payload"].read().decode()
        state = State.BAD if response.get("FunctionError") else State.GOOD
        return [Finding("CPU time against the wall", state, f"{text} (benchmarks/cost/month.py assumes 0.58)")]

    def _denied_write(self) -> list[Finding]:
        client, bucket = boto3.client("s3"), self._outputs["Bucket"]
        try:
            version = client.put_object(Bucket=bucket, Key=_DENIED_KEY, Body=b"smoke\n").get("VersionId", "null")
        except ClientError as error:
            denied = error.response["Error"]["Code"] == "AccessDenied"
            return [Finding("overwriting an article", State.GOOD if denied else State.BAD, str(error))]
        client.delete_object(Bucket=bucket, Key=_DENIED_KEY, VersionId=version)
        return [Finding("overwriting an article", State.BAD, "was not denied; the file was removed again")]

    def _announcement(self) -> list[Finding]:
        text = "This is a test of the topic of digests, sent by make smoke. No day is announced by it."
        boto3.client("sns").publish(
            TopicArn=self._outputs["DigestTopic"], Subject="Feedarchive: test announcement", Message=text
        )
        return [Finding("test announcement", State.GOOD, "published")]

    def _subscriptions(self) -> list[Finding]:
        findings = []
        for output in ("AlarmTopic", "DigestTopic"):
            found = boto3.client("sns").get_topic_attributes(TopicArn=self._outputs[output])["Attributes"]
            confirmed, pending = (int(found.get(f"Subscriptions{each}", 0)) for each in ("Confirmed", "Pending"))
            state = State.GOOD if confirmed else State.BAD
            findings.append(Finding(f"{output}: subscriptions", state, f"{confirmed} confirmed, {pending} pending"))
        return findings

    def _alarms(self) -> list[Finding]:
        pages = boto3.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{self._stack}-")
        alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
        if not alarms:
            return [Finding("alarms", State.UNSEEN, "none has a name that begins with that of the stack")]
        states = {"OK": State.GOOD, "ALARM": State.BAD}
        return [_alarm(alarm, states.get(alarm["StateValue"], State.UNSEEN)) for alarm in alarms]

    def _dead_letters(self) -> list[Finding]:
        found: Any = boto3.client("sqs").get_queue_attributes(
            QueueUrl=self._outputs["DeadLetterQueue"], AttributeNames=["ApproximateNumberOfMessages"]
        )
        number = int(found["Attributes"]["ApproximateNumberOfMessages"])
        return [Finding("dead letters", State.BAD if number else State.GOOD, str(number))]


def _alarm(alarm: Any, state: State) -> Finding:
    hint = " (normal in the first hours after a deploy)" if state is not State.GOOD else ""
    return Finding(f"alarm {alarm['AlarmName'].split('-')[1]}", state, alarm["StateValue"] + hint)


def _guarded(check: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return check()
    except (ClientError, BotoCoreError) as error:
        return [Finding(getattr(check, "__name__", "check").strip("_"), State.UNSEEN, " ".join(str(error).split()))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a stack. Returns 0 if all is well, 1 if something is not, 2 if there is no such stack."""
    parser = argparse.ArgumentParser(prog="make smoke", description=__doc__)
    parser.add_argument("stack", help="name of the stack")
    stack = parser.parse_args(arguments).stack
    try:
        findings = Smoke(stack).run()
    except (ClientError, BotoCoreError) as error:
        print(f"smoke: cannot look at the stack {stack}: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    print(as_table(findings))
    print("\nIt could not see:")
    for line in _UNSEEN:
        print(f"- {line}")
    return 1 if any(each.state is State.BAD for each in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
