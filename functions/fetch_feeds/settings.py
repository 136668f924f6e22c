"""What template.yaml tells the function, read at its first event, and the clients that follow from it."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import boto3

from feedarchive.run import WORKERS
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def setting(name: str) -> str:
    """A value of the function's environment. KeyError: template.yaml and this program do not fit."""
    return os.environ[name]


def period(schedule: str) -> timedelta:
    """How long until the schedule plans anew. For a cron expression a day, which is never too short."""
    rate = _RATE.fullmatch(schedule)
    return int(rate.group(1)) * _UNITS[rate.group(2)] if rate else timedelta(days=1)


def now() -> datetime:
    """The real clock, in whole seconds: the archive knows none finer."""
    return datetime.now(UTC).replace(microsecond=0)


@cache
def store() -> Store:
    return open_store(f"s3://{setting('BUCKET')}", connections=WORKERS)


@cache
def sqs() -> SQSClient:
    return boto3.client("sqs")


@cache
def sns() -> SNSClient:
    return boto3.client("sns")
