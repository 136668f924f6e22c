"""What a policy decides on a request, by the evaluator of the local AWS."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.e2e.local_aws import PYTHON

_EVALUATE = """
import json, sys
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document
request = json.load(sys.stdin)
context = EvalContext(
    principal_arn="arn:aws:iam::000000000000:root", principal_type="User", principal_account="000000000000",
    action=request["action"], resource_arn=request["resource"], region="eu-central-1",
    service_context={k.lower(): v for k, v in request["keys"].items()}, secure_transport=request["tls"],
)
print(evaluate(context, [parse_policy_document(request["policy"])]).decision)
"""


def iam_decision(policy: dict[str, Any], action: str, resource: str, keys: dict[str, str], tls: bool = True) -> str:
    """``Allow``, ``Deny``, or ``ImplicitDeny`` if no statement applies. ``keys`` are the request's condition keys."""
    request = {"policy": policy, "action": action, "resource": resource, "keys": keys, "tls": tls}
    done = subprocess.run(
        [PYTHON, "-c", _EVALUATE], input=json.dumps(request), capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
