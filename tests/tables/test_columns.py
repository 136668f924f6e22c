"""The columns of a table: every key of front matter, with its type."""

from __future__ import annotations

from datetime import timedelta

from feedarchive.article.article import Article
from feedarchive.article.front_matter import render
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.store.interface import Store
from feedarchive.tables.columns import COLUMNS
from feedarchive.tables.rows import row_of
from tests.harness.clock import CHRISTMAS
from tests.harness.digests import DAY, FOLDER, build
from tests.tables.test_day_tables import NEXT_DAY, is_valid_value, lines


def test_every_line_has_all_columns_with_their_types(archived: Store) -> None:
    build(archived, NEXT_DAY)
    for row in lines(archived):
        assert list(row) == [column.name for column in COLUMNS if not column.sparse]
        for column in COLUMNS:
            value = row.get(column.name)
            assert is_valid_value(value, column.type) if value is not None else not column.required, column.name


def test_every_key_of_front_matter_is_a_column() -> None:
    article = Article(
        id="0" * 32, title="T", description="D", image="I", link="L", source="S", feed="F", body="Text", wording="1:0",
        guid="G", language="en", authors=("A",), tags=("t",), published=CHRISTMAS + timedelta(days=9),
        updated=CHRISTMAS, published_as_written="Xmas", duration=7, episode="1", season="2", transcript="https://t",
        chapters="https://c", original_feed="OF", original_source="OS",
    )  # fmt: skip
    data = render(article, CHRISTMAS)
    fields = parse_front_matter(data.decode())
    row = row_of(f"{FOLDER}example.org/t-000000000000.md", data, DAY)
    assert row is not None
    assert set(fields) <= {column.name for column in COLUMNS}
    assert {name: row[name] for name in fields} == {**fields, "date": fields["date"].isoformat()}


def test_values_of_another_type_are_null() -> None:
    text = (
        '---\ntitle: 7\nid: "0"\narchived: "2025-12-25T10:00:00+01:00"\nduration: -1\npublished: yesterday\n'
        "date: soon\ndraft: 3\ntags: [1, a]\nlink: null\n---\nText\n"
    )
    row = row_of(f"{FOLDER}example.org/t-000000000000.md", text.encode(), DAY)
    assert row is not None
    assert (row["archived"], row["tags"], row["body"]) == ("2025-12-25T09:00:00Z", ["1", "a"], "Text")
    assert [row[name] for name in ("title", "duration", "published", "date", "draft", "link")] == [None] * 6
