"""Clients of AWS services, with the credentials, the region and the endpoint that boto3 would use."""

from __future__ import annotations

from functools import cache
from typing import Any

# botocore is used alone, because boto3 also loads code for large transfers, which takes a tenth of each cold start.
from botocore.config import Config
from botocore.session import Session, get_session


def aws_client(service: str, config: Config | None = None) -> Any:
    """A client of a service ("s3", "sqs"). Raises BotoCoreError or ValueError if the configuration is wrong."""
    return _session().create_client(service, config=config)


@cache
def _session() -> Session:
    return get_session()
