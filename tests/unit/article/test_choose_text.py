"""Which text of an entry becomes the text of the article. docs/archive-format.md has the rule ("Which text")."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedarchive.article.choose_text import choose_text
from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import render
from feedarchive.document.model import Entry, Text
from feedarchive.markdown.visible_text import plain_line
from tests.unit.article.one_entry import URL, parse_entry

CAPTION = "The mill wheel seen from the south bank, with three herons on the weir and a boy on the footbridge."


def entry_of(item: str, root: str = "rss") -> Entry:
    return parse_entry(f"<title>Mill</title>{item}" if root == "rss" else item, root)


def body_of(item: str, root: str = "rss") -> str:
    entry = entry_of(item, root)
    title = plain_line(entry.title)
    return compose(entry, title, "https://town.example/mill", EntrySource(URL), "id").body


CAPTIONS = {
    "nested in its picture": f'<media:content url="/a.jpg" medium="image"><media:description>{CAPTION}'
    "</media:description></media:content>",
    "beside its picture": '<media:content url="/a.jpg" medium="image"/>'
    f"<media:description>{CAPTION}</media:description>",
}


@pytest.mark.parametrize("media", CAPTIONS.values(), ids=CAPTIONS.keys())
def test_a_caption_belongs_to_its_picture_and_is_not_the_body(media: str) -> None:
    body = body_of(f"<description>The mill runs again.</description>{media}")
    assert body.startswith("The mill runs again.\n")
    assert f"[{CAPTION}, image](https://town.example/a.jpg)" in body


def test_the_credit_follows_the_caption() -> None:
    media = (
        '<media:content url="/a.jpg" medium="image"><media:credit>Kim Poe</media:credit>'
        "<media:description>A wheel</media:description></media:content>"
    )
    assert "[A wheel (Kim Poe), image](https://town.example/a.jpg)" in body_of(
        f"<description>Runs</description>{media}"
    )


def test_a_caption_is_not_repeated_if_the_text_has_it() -> None:
    media = CAPTIONS["nested in its picture"]
    body = body_of(f'<content:encoded>&lt;img src="/a.jpg"&gt;&lt;p&gt;{CAPTION}&lt;/p&gt;</content:encoded>{media}')
    assert body.count("herons") == 1


def test_every_picture_of_a_post_keeps_its_description() -> None:
    pictures = "".join(
        f'<media:content url="/{n}.jpg" type="image/jpeg"><media:description>Heron {n} of the weir</media:description>'
        "</media:content>"
        for n in range(3)
    )
    body = body_of(f"<description>&lt;p&gt;Three &lt;a href='/h'&gt;herons&lt;/a&gt;&lt;/p&gt;</description>{pictures}")
    assert body.startswith("Three [herons](https://town.example/h)")
    assert all(f"[Heron {n} of the weir, image/jpeg](https://town.example/{n}.jpg)" in body for n in range(3))


def test_a_media_description_is_the_body_where_nothing_else_is() -> None:
    namespace = 'xmlns:media="http://search.yahoo.com/mrss/"'
    video = f"<media:group {namespace}><media:description>{CAPTION}</media:description></media:group>"
    assert body_of(f"<id>x</id>{video}", "atom") == CAPTION


def test_a_picture_without_words_is_a_text() -> None:
    item = (
        "<description>A new drawing today!</description>"
        '<content:encoded>&lt;p&gt;&lt;img src="/strip.png"&gt;&lt;/p&gt;</content:encoded>'
    )
    article = compose(entry_of(item), "Mill", "", EntrySource(URL), "id")
    assert article.body == "![](https://town.example/strip.png)"
    assert (article.image, article.description) == ("https://town.example/strip.png", "A new drawing today!")


def test_a_content_with_nothing_but_a_counting_pixel_is_empty() -> None:
    pixel = '<content:encoded>&lt;img src="/c.gif" width="1" height="1"&gt;</content:encoded>'
    assert body_of(f"<description>Words.</description>{pixel}") == "Words."


def test_the_content_wins_over_a_longer_summary_of_it() -> None:
    item = (
        "<description>Since Monday the mill runs again, and the baker is glad of it.</description>"
        "<content:encoded>&lt;p&gt;The mill &lt;b&gt;runs&lt;/b&gt; again since Monday.&lt;/p&gt;</content:encoded>"
    )
    assert body_of(item) == "The mill **runs** again since Monday."


def test_the_beginning_of_a_text_does_not_win_over_all_of_it() -> None:
    full = "&lt;p&gt;The mill runs again since Monday, and the &lt;b&gt;baker&lt;/b&gt; is glad of it.&lt;/p&gt;"
    teaser = "&lt;p&gt;The mill runs again since Mon…&lt;/p&gt;"
    expected = "The mill runs again since Monday, and the **baker** is glad of it."
    assert body_of(f"<description>{full}</description><content:encoded>{teaser}</content:encoded>") == expected
    assert body_of(f"<description>{teaser}</description><content:encoded>{full}</content:encoded>") == expected


def test_show_notes_win_over_the_plain_summary_of_a_podcast() -> None:
    notes = "&lt;p&gt;Guest: &lt;a href='https://poe.example/'&gt;Kim Poe&lt;/a&gt;&lt;/p&gt;"
    summary = "<itunes:summary>Guest: Kim Poe https://poe.example/</itunes:summary>"
    assert body_of(f"<description>{notes}</description>{summary}") == "Guest: [Kim Poe](https://poe.example/)"


def test_a_longer_text_that_says_something_else_follows_under_a_rule() -> None:
    long = "Quite different sentences " + "about bread and flour, ovens, yeast. " * 20
    body = body_of(
        f"<description>{long}</description><content:encoded>&lt;p&gt;Mill notes.&lt;/p&gt;</content:encoded>"
    )
    first, rule, second = body.partition("\n\n* * *\n\n")
    assert (first, bool(rule), second) == ("Mill notes.", True, long.strip())


def test_a_short_summary_is_kept_in_the_description_alone() -> None:
    item = (
        "<description>A standfirst about bread, yeast and ovens.</description>"
        "<content:encoded>&lt;p&gt;Mill notes.&lt;/p&gt;</content:encoded>"
    )
    article = compose(entry_of(item), "Mill", "", EntrySource(URL), "id")
    assert (article.body, article.description) == ("Mill notes.", "A standfirst about bread, yeast and ovens.")


def test_two_contents_are_both_kept() -> None:
    both = "".join(f"<content:encoded>&lt;p&gt;{text}&lt;/p&gt;</content:encoded>" for text in ("Mill.", "Bakery."))
    assert body_of(both) == "Mill.\n\n* * *\n\nBakery."


def test_a_description_escaped_twice_does_not_beat_the_content() -> None:
    item = (
        '<description><![CDATA[Reply to &lt;a href="/kim"&gt;Kim&lt;/a&gt;. '
        "The &lt;em&gt;wheel&lt;/em&gt;.]]></description>"
        '<content:encoded><![CDATA[<p>Reply to <a href="/kim">Kim</a>. The <em>wheel</em>.</p>]]></content:encoded>'
    )
    article = compose(entry_of(item), "Mill", "", EntrySource(URL), "id")
    assert article.body == "Reply to [Kim](https://town.example/kim). The *wheel*."
    assert article.description == "Reply to Kim. The wheel."


def test_html_escaped_twice_is_decoded_and_talk_about_html_is_not() -> None:
    twice = "&amp;lt;p&amp;gt;A &amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt; mill.&amp;lt;/p&amp;gt;"
    assert body_of(f"<description>{twice}</description>") == "A **bold** mill."
    talk = "&lt;p&gt;Write &amp;lt;p&amp;gt; and &amp;lt;/p&amp;gt;.&lt;/p&gt;"
    assert body_of(f"<description>{talk}</description>") == r"Write \<p> and \</p>."
    mentioned = "Close it with &amp;lt;/p&amp;gt;, says Kim."
    assert body_of(f"<description>{mentioned}</description>") == r"Close it with \</p>, says Kim."


def test_a_picture_in_base64_is_named_and_not_the_body() -> None:
    item = '<id>x</id><summary>A wheel</summary><content type="image/png">iVBORw0KGgo=</content>'
    assert body_of(item, "atom") == "A wheel\n\n\\[image\\]"


def test_an_atom_content_in_html_wins_over_a_longer_summary() -> None:
    summary = "<summary>The mill and its baker are well</summary>"
    item = f'<id>x</id>{summary}<content type="html">&lt;p&gt;Mill&lt;/p&gt;</content>'
    assert body_of(item, "atom") == "Mill"


def test_content_html_wins_over_content_text_and_summary() -> None:
    texts = '"content_text": "A *mill* (https://m.example/)", "summary": "That mill grinds again"'
    item = f'{{"id": "1", "content_html": "<p>A <b>mill</b></p>", {texts}}}'
    assert body_of(item, "json") == "A **mill**"


def test_full_texts_of_no_standard_are_taken() -> None:
    full = "<yandex:full-text xmlns:yandex='http://news.yandex.ru'>The full text of it.</yandex:full-text>"
    item = f"<description>Short.</description>{full}"
    assert body_of(item) == "The full text of it."


def test_a_full_text_with_attributes_is_taken_but_no_subtitle_of_a_film() -> None:
    html = "&lt;p&gt;The full &lt;b&gt;text&lt;/b&gt; of it.&lt;/p&gt;"
    assert body_of(f"<description>Short.</description><media:text type='html'>{html}</media:text>") == (
        "The full **text** of it."
    )
    subtitle = "<media:text type='plain' start='00:00:03.000' end='00:00:10.000'>The wheel turns.</media:text>"
    assert body_of(f"<description>Short.</description>{subtitle}") == "Short."


def test_the_wording_has_version_2_only_where_the_text_differs() -> None:
    same = entry_of("<description>A.</description><content:encoded>A longer text.</content:encoded>")
    assert choose_text(same).wording("Mill").startswith("1:")
    other = entry_of(f"<description>A mill.</description>{CAPTIONS['nested in its picture']}")
    chosen = choose_text(other)
    assert chosen.wording("Mill").startswith("2:")
    assert chosen.wording_1("Mill") == choose_text(Entry(summary=Text(CAPTION))).wording("Mill")


def test_the_file_of_an_entry_with_one_text_is_the_same_as_before() -> None:
    article = compose(Entry(summary=Text("Words.")), "Mill", "", EntrySource(URL), "id")
    assert b'wording: "1:' in render(article, datetime(2025, 12, 25, tzinfo=UTC))
