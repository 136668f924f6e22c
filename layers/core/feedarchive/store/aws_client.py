"""Make clients of AWS services. Credentials, region and endpoint are configured in the same way as for boto3."""

from __future__ import annotations

from functools import cache
from typing import Any

# boto3 is not used, because it also imports code for large transfers, which took a tenth of each cold start.
from botocore.config import Config
from botocore.session import Session, get_session


def aws_client(service: str, config: Config | None = None) -> Any:
    """Make a client of a service, such as "s3". Raises BotoCoreError or ValueError if the configuration is wrong."""
    return _session().create_client(service, config=config)


@cache
def _session() -> Session:
    return get_session()
