"""A mail as plain text, for the e-mails that Amazon SNS sends, and for programs that do not show HTML."""

from __future__ import annotations

from feedarchive.mail.mail import Item, Mail


def text_mail(mail: Mail) -> str:
    """Render the mail as text. After each title comes a line with the feed and the link."""
    lines = [f"{mail.heading}: {mail.summary}", mail.page]
    for section in mail.sections:
        lines += ["", f"{section.heading}:"] if section.heading else []
        for item in section.items:
            lines += ["", *_item(item)]
        lines += ["", f"and {section.more} more"] if section.more else []
    if mail.attention:
        lines += ["", "Needs attention:", *(f"- {each.line}" for each in mail.attention)]
        lines += [f"and {mail.more_attention} more: feedarchive status lists all"] if mail.more_attention else []
    if mail.damage:
        lines += ["", "Files that are missing or changed:", *(f"- {line}" for line in mail.damage)]
        lines += [f"and {mail.more_damage} more: feedarchive status lists all"] if mail.more_damage else []
    lines += ["", *mail.hashes] if mail.hashes else []
    return "\n".join(lines) + "\n"


def _item(item: Item) -> list[str]:
    lines = [item.title, f"  {item.feed}: {item.link}" if item.link else f"  {item.feed}"]
    lines += [f"  {item.edit}"] if item.edit else []
    return lines + [f"  also {other.name}: {other.url}" if other.url else f"  also {other.name}" for other in item.also]
