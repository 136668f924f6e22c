"""Write a proof as a text. A person can check it with ``sha256sum`` and a text editor."""

from __future__ import annotations

from feedarchive.proof.prove import Proof

_TEXT = """\
PROOF THAT A FILE WAS IN AN ARCHIVE

File   {key}
Day    {day}
Value  {value}
       (the SHA-256 of {last})

This text is a proof for everyone who received the value above, for example in the announcement of a day. It proves
that the file was already in the archive when the value was sent, and that not a byte of the file has changed since.

To check a step below, run the command after "$". Write the file name of this text instead of PROOF. The command must
print the SHA-256 that is below it in this text. docs/proof.md of Feedarchive explains what this text proves and what it
does not prove.

STEP 1. The file has this SHA-256.

$ sha256sum {name}
{sha256}

STEP 2. The list of all files of the day contains the file's SHA-256. The list has {count} lines, and this SHA-256:

$ sed -n '/^BEGIN LIST/,/^END LIST/p' PROOF | sed '1d;$d' | sha256sum
{files_hash}

BEGIN LIST
{files}END LIST

STEP 3. The first record below contains the hash of the list. Each later record contains the hash of the record before
it. The hash of the last record is the value above. Each record has a heading with a hash. Check that the text of the
record contains this hash.

{links}"""
_LINK = """\
{number}. {key} contains {commits_to}

$ sed -n '/^BEGIN RECORD {number}$/,/^END RECORD {number}$/p' PROOF | sed '1d;$d' | sha256sum
{hash}

BEGIN RECORD {number}
{text}END RECORD {number}

"""


def proof_text(proof: Proof, hash_of: dict[str, str]) -> str:
    """The text of a proof. ``hash_of`` maps the key of each record to its SHA-256."""
    links = [
        _LINK.format(
            number=number, key=link.key, commits_to=link.commits_to, hash=hash_of[link.key], text=link.text
        )
        for number, link in enumerate(proof.links, 1)
    ]  # fmt: skip
    return _TEXT.format(
        key=proof.key,
        day=proof.day.isoformat(),
        value=proof.value,
        last=proof.links[-1].key,
        name=proof.key.rpartition("/")[2],
        sha256=proof.sha256,
        count=proof.files.count("\n"),
        files_hash=proof.links[0].commits_to,
        files=proof.files,
        links="".join(links),
    )
