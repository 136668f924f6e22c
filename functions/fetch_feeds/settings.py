"""The function's environment variables (template.yaml sets them), and AWS clients, each created on first use."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from feedarchive.run import WORKERS
from feedarchive.store.aws_client import aws_client
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def setting(name: str) -> str:
    """Return an environment variable. Raises KeyError if template.yaml does not set it."""
    return os.environ[name]


def period(schedule: str) -> timedelta:
    """Return the time between two runs of a schedule such as ``rate(15 minutes)``; a day for a cron expression."""
    rate = _RATE.fullmatch(schedule)
    return int(rate.group(1)) * _UNITS[rate.group(2)] if rate else timedelta(days=1)


@cache
def store() -> Store:
    return open_store(f"s3://{setting('BUCKET')}", connections=WORKERS)


@cache
def sqs() -> SQSClient:
    client: SQSClient = aws_client("sqs")
    return client


@cache
def sns() -> SNSClient:
    client: SNSClient = aws_client("sns")
    return client
