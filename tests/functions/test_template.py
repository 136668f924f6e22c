"""template.yaml: parameters, alarms, permissions, and what survives the stack."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from feedarchive.tables.columns import COLUMNS, ColumnType
from feedarchive.tables.write_table import TABLES, table_key

TEXT = (Path(__file__).parents[2] / "template.yaml").read_text(encoding="utf-8")


class _Loader(yaml.CSafeLoader):
    """Parses YAML with short forms of CloudFormation: ``!Ref Bucket`` becomes ``Bucket``."""


def _short_form(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _short_form)
TEMPLATE: dict[str, Any] = yaml.load(TEXT, _Loader)
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]


def of_type(name: str) -> dict[str, Any]:
    return {key: each["Properties"] for key, each in RESOURCES.items() if each["Type"] == name}


def statements(role: str) -> list[dict[str, Any]]:
    (policy,) = RESOURCES[role]["Properties"]["Policies"]
    return list(policy["PolicyDocument"]["Statement"])


def test_functions_write_metrics_only_if_the_parameter_asks_for_them() -> None:
    disabled = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_METRICS_DISABLED"]
    assert disabled == ["HasDetailedMetrics", "false", "true"]
    assert TEMPLATE["Parameters"]["DetailedMetrics"]["Default"] == "false"
    assert RESOURCES["Dashboard"]["Condition"] == "HasDetailedMetrics"


@pytest.mark.parametrize("name", TEMPLATE["Parameters"])
def test_every_parameter_has_a_description_a_default_and_allowed_values(name: str) -> None:
    parameter = TEMPLATE["Parameters"][name]
    assert {"Description", "Default"} <= parameter.keys()
    assert {"AllowedPattern", "AllowedValues", "MinValue"} & parameter.keys()


@pytest.mark.parametrize("name", of_type("AWS::CloudWatch::Alarm"))
def test_every_alarm_notifies_the_topic_and_says_what_to_do_and_all_but_two_fire_on_missing_data(name: str) -> None:
    alarm = of_type("AWS::CloudWatch::Alarm")[name]
    may_have_no_data = name in ("BehindAlarm", "CompleteErrorsAlarm")
    assert alarm["TreatMissingData"] == ("notBreaching" if may_have_no_data else "breaching")
    assert alarm["AlarmActions"] == ["Alarms"]
    assert len(alarm["AlarmDescription"].split(". ")) > 1
    assert name.removesuffix("Alarm") in (Path(__file__).parents[2] / "docs" / "aws.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("role", of_type("AWS::IAM::Role"))
def test_no_role_can_delete_but_a_cache_and_every_statement_has_a_reason(role: str) -> None:
    for statement in statements(role):
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        is_cache = str(statement["Resource"]).endswith("/state/media/*")
        assert not [action for action in actions if "*" in action or ("s3:Delete" in action and not is_cache)]
        assert "*" not in ([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"])
    lines = TEXT.splitlines()
    sids = [number for number, line in enumerate(lines) if line.strip().startswith("- Sid:")]
    assert len(sids) > 10
    assert all(lines[number - 1].strip().startswith("#") for number in sids)


def test_the_digest_function_cannot_write_claims_or_state() -> None:
    (write,) = [s for s in statements("BuildDigestRole") if s["Action"] == "s3:PutObject"]
    assert not [resource for resource in write["Resource"] if "claims" in resource or "state" in resource]


def test_the_function_for_pages_writes_no_article_and_no_state_of_feeds() -> None:
    (write,) = [s for s in statements("CompleteArticlesRole") if s["Action"] == "s3:PutObject"]
    patterns = [each.partition("${Bucket.Value}/")[2] for each in write["Resource"]]

    def may_write(key: str) -> bool:
        return any(fnmatch(key, pattern) for pattern in patterns)

    article = "archive/2025/12/25/example.org/a-title-0123456789ab"
    written = ["full.md", "full.r2.md", "media.json", "media.r2.json"]
    assert all(may_write(f"{article}.{end}") for end in written)
    assert all(may_write(key) for key in ("media/ab/ab12.jpg", "claims/01/0123456789ab.full", "state/jobs/all.json"))
    others = [f"{article}.md", f"{article}.r2.md", "state/all.json", "archive.json", "archive/2025/12/25/digest.md"]
    assert not [key for key in others if may_write(key)]


def test_the_function_for_pages_is_deployed_only_if_its_parameter_asks_for_it() -> None:
    assert TEMPLATE["Parameters"]["WholeArticles"]["Default"] == "false"
    own = [key for key in RESOURCES if key.startswith(("Complet", "FullText"))]
    assert len(own) == 8
    assert {RESOURCES[key]["Condition"] for key in own} == {"HasWholeArticles", "IsWholeArm", "IsWholeX86"}


@pytest.mark.parametrize(("function", "queue"), [("FetchFeeds", "Shards"), ("CompleteArticles", "Completions")])
def test_the_visibility_timeout_is_six_times_the_functions_timeout(function: str, queue: str) -> None:
    timeout = RESOURCES[function]["Properties"]["Timeout"]
    assert RESOURCES[queue]["Properties"]["VisibilityTimeout"] == 6 * timeout


def test_the_bucket_is_retained_when_the_stack_is_deleted() -> None:
    for name in ("Archive", "ArchivePolicy"):
        assert RESOURCES[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


def test_alarms_need_no_metric_of_the_functions() -> None:
    """Metrics of SQS and Lambda are free. Each metric of the functions (DetailedMetrics) costs 0.30 dollars a month."""
    assert {alarm["Namespace"] for alarm in of_type("AWS::CloudWatch::Alarm").values()} == {"AWS/SQS", "AWS/Lambda"}
    assert TEMPLATE["Parameters"]["DetailedMetrics"]["Default"] == "false"
    assert TEMPLATE["Parameters"]["ObjectEvents"]["Default"] == "false"


def test_no_resource_has_a_name_that_a_second_stack_would_have_too() -> None:
    for function in of_type("AWS::Serverless::Function").values():
        for event in function.get("Events", {}).values():
            assert event["Type"] != "ScheduleV2" or event["Properties"]["OmitName"]
    names = [(key, name) for key, each in RESOURCES.items() for name in each["Properties"] if name.endswith("Name")]
    named = [key for key, name in names if name not in ("DisplayName", "MetricName", "PolicyName")]
    # Each stack has its own database for the table. The other two names contain the name of the stack.
    assert sorted(named) == ["ArticlesTable", "Dashboard", "Questions"]
    assert "AWS::StackName" in TEMPLATE["Resources"]["Dashboard"]["Properties"]["DashboardName"]


def test_every_skipped_check_has_a_reason() -> None:
    """With these checks skipped, `checkov -f template.yaml` reports nothing."""
    metadata = {key: each.get("Metadata", {}).get("checkov", {}) for key, each in RESOURCES.items()}
    skipped = [(key, skip) for key, each in metadata.items() for skip in each.get("skip", ())]
    assert len({skip["id"] for _, skip in skipped}) == 8
    assert all(len(skip["comment"].split()) >= 6 for _, skip in skipped)


def test_the_table_of_athena_has_the_columns_of_the_tables() -> None:
    (table,) = of_type("AWS::Glue::Table").values()
    stored = table["TableInput"]["StorageDescriptor"]
    partitions = {key["Name"]: key["Type"] for key in table["TableInput"]["PartitionKeys"]}
    found = {column["Name"]: column["Type"] for column in stored["Columns"]}
    types = {ColumnType.TEXTS: "array<string>", ColumnType.NUMBER: "bigint", ColumnType.BOOLEAN: "boolean"}
    assert {**found, **partitions} == {column.name: types.get(column.type, "string") for column in COLUMNS}
    assert "day" not in found


def test_athena_finds_the_folder_of_each_day() -> None:
    (table,) = of_type("AWS::Glue::Table").values()
    parameters = table["TableInput"]["Parameters"]
    template = parameters["storage.location.template"][0]
    folder = table_key(date(2025, 12, 25)).rpartition("/")[0]
    assert template == "s3://${Name}/" + folder.replace("2025-12-25", "${!day}")
    assert table["TableInput"]["StorageDescriptor"]["Location"][0] == f"s3://${{Name}}/{TABLES}"
    assert (parameters["projection.day.type"], parameters["projection.day.format"]) == ("date", "yyyy-MM-dd")


def test_a_question_is_limited_and_all_of_athena_can_be_turned_off() -> None:
    (group,) = of_type("AWS::Athena::WorkGroup").values()
    configuration = group["WorkGroupConfiguration"]
    assert configuration["BytesScannedCutoffPerQuery"] == "AthenaLimitBytes"
    assert configuration["EnforceWorkGroupConfiguration"] is True
    asked = [each for each in RESOURCES.values() if each["Type"].startswith(("AWS::Glue", "AWS::Athena"))]
    assert [each["Condition"] for each in asked] == ["HasAthena"] * 3
