"""Find out which AWS account the credentials belong to, and whether a bucket in it is an archive."""

from __future__ import annotations

from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError

_ADVICE = "run aws configure or aws sso login, or set AWS_PROFILE; nothing was built"


class NoAccount(Exception):
    """No credentials work, or no region is set. The message says what to do."""


@dataclass(frozen=True)
class Account:
    """An AWS account: its number, the ARN of the user or role, and the region."""

    number: str
    identity: str
    region: str

    def archive_problem(self, bucket: str) -> str:
        """Return why the stack cannot continue the archive in a bucket; "" if it can."""
        client = boto3.client("s3", region_name=self.region)
        try:
            client.head_object(Bucket=bucket, Key="archive.json")
            versioning = client.get_bucket_versioning(Bucket=bucket).get("Status")
        except (ClientError, BotoCoreError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
            reasons = {"404": "it has no archive.json, or does not exist", "403": "you have no access to it"}
            return f"{bucket} is not an archive: {reasons.get(code, str(error))}"
        if versioning != "Enabled":
            return (
                f"{bucket} is not versioned, so deleted articles would return: run "
                f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
            )
        return ""

    def store_password(self, name: str, password: str) -> str:
        """Store a password as an encrypted SSM parameter. Return the problem; "" if it is stored."""
        try:
            boto3.client("ssm", region_name=self.region).put_parameter(
                Name=name, Value=password, Type="SecureString", Overwrite=True
            )
        except (ClientError, BotoCoreError) as error:
            return f"cannot store the password in SSM: {error}"
        return ""


def find_account() -> Account:
    """Return the account that the credentials belong to. Raises NoAccount."""
    session = boto3.session.Session()
    if not session.region_name:
        raise NoAccount("no AWS region is set: run aws configure, or set AWS_DEFAULT_REGION; nothing was built")
    try:
        found = session.client("sts").get_caller_identity()
    except ClientError as error:
        raise NoAccount(f"AWS refuses these credentials ({error.response['Error']['Code']}): {_ADVICE}") from None
    except (BotoCoreError, ValueError) as error:
        raise NoAccount(f"no AWS credentials ({' '.join(str(error).split())}): {_ADVICE}") from None
    return Account(found["Account"], found["Arn"], session.region_name)
