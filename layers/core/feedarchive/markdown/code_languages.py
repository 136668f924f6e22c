"""The languages that a code block may declare. Other languages are dropped.

Obsidian, its plug-ins and GitHub run or draw the content of a code block for languages such as "dataviewjs" or
"mermaid". No list of such dangerous languages could be complete, so this module lists harmless ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

KNOWN_LANGUAGES = frozenset(
    (
        "abap actionscript ada agda apache apl applescript arduino armasm asciidoc asm assembly autohotkey awk "
        "bash basic bat batch bibtex bicep brainfuck c c# c++ caddyfile ceylon clike clj clojure cmake cmd cobol "
        "coffee coffeescript common-lisp console cpp crystal cs csharp css csv cuda cypher cython d dart delphi "
        "diff django docker dockerfile dos dotenv elisp elixir elm emacs-lisp erb erlang ex excel f# fish forth "
        "fortran fs fsharp gherkin git gitignore gleam glsl gnuplot go golang gql gradle graphql groovy haml "
        "handlebars haskell haxe hcl hlsl hs html http idris ini irb jade janet java javascript jinja jinja2 jl jq "
        "js json json5 jsonc jsonl jsonnet jsp jsx julia kotlin ksh kt kusto latex less lisp llvm log lua make "
        "makefile markdown markup mathematica matlab md mdx metal mips ml nasm nginx nim nix objc objective-c "
        "objectivec ocaml octave openscad pas pascal patch perl perl6 php phtml pl plain plaintext plsql "
        "postgresql postscript powershell prisma processing prolog properties proto protobuf ps1 pug puppet "
        "purescript py py3 pycon python python3 qml r racket raku rb re reason rest rexx rkt roc rs rst ruby rust "
        "sas sass scala scheme scss sed sh shell shell-session shellsession smali smalltalk solidity sparql sql "
        "stata styl stylus svelte svg swift systemd systemverilog tcl terraform tex text tf toml ts tsql tsx "
        "turtle twig txt typescript typst v vala vb vba vbnet verilog vhdl vim viml vue wasm wat wgsl wolfram "
        "x86asm xhtml xml xquery xslt yaml yml zig zsh"
    ).split()
)

# Maps other names of languages, which syntax highlighters use, to names in KNOWN_LANGUAGES.
_ALIASES = {
    "jscript": "javascript", "source-shell": "shell", "ipython": "python", "ipython2": "python", "ipython3": "python",
    "c-sharp": "csharp", "cplusplus": "cpp", "text-html-basic": "html", "text-html": "html", "text-xml": "xml",
    "text-html-php": "php", "html-php": "php", "text-tex-latex": "latex", "text-md": "markdown", "shellscript": "shell",
    "shell-script": "shell", "actionscript3": "actionscript", "as3": "actionscript", "emacslisp": "elisp",
    "source-gfm": "markdown", "plain-text": "text", "rustlang": "rust", "objective-c++": "objectivec",
    "htmlxml": "html", "pgsql": "postgresql", "mysql": "sql",
}  # fmt: skip
LANGUAGE_ATTRIBUTES = (
    "data-lang",
    "data-language",
    "data-enlighter-language",
    "data-code-language",
    "data-code-block-lang",
)
# Matches a class that names a language after a prefix, such as "language-js", "lang-js", "brush: js" or "src-js".
_PREFIXED = re.compile(
    r"(?<![\w-])(?:lang(?:uage)?[-:]|brush:\s*|src-|(?:highlight-)?source-|highlight-)([\w+#.-]+)", re.IGNORECASE
)
# If an element has one of these classes, its other classes may be names of languages.
_HIGHLIGHTED = frozenset(
    (
        "hljs sourcecode code programlisting literal-block highlight prettyprint src chroma rouge codehilite geshi "
        "wp_syntax shiki"
    ).split()
)
# Names of languages that are also ordinary words. If such a name is the only class of an element, it is ignored.
_AMBIGUOUS = frozenset(
    "text txt plain plaintext make less log processing reason rest metal console basic properties markup".split()
)
_MAX_ANCESTORS = 3


def language_of(block: HtmlElement) -> str:
    """Return the known language that a ``<pre>``, its ``<code>`` or the elements around it declare; "" if none."""
    for element in _declaring_elements(block):
        for name in _declared(element):
            known = name if name.lower() in KNOWN_LANGUAGES else _ALIASES.get(name.lower(), "")
            if known:
                return known
    return ""


def _declaring_elements(block: HtmlElement) -> Iterator[HtmlElement]:
    yield block
    yield from block.iter("code")
    inside = len(list(block.iter("pre")))
    for number, ancestor in enumerate(block.iterancestors("div", "figure", "td", "tr", "tbody", "table")):
        # If the ancestor contains other code blocks too, it may declare the language of another block.
        if number == _MAX_ANCESTORS or _has_more(ancestor, inside):
            return
        yield ancestor


def _has_more(ancestor: HtmlElement, inside: int) -> bool:
    return sum(1 for _ in islice(ancestor.iter("pre"), inside + 1)) > inside


def _declared(element: HtmlElement) -> Iterator[str]:
    if element.tag == "pre":
        yield (element.get("lang") or "").strip()
    for attribute in LANGUAGE_ATTRIBUTES:
        yield (element.get(attribute) or "").strip()
    classes = element.get("class") or ""
    yield from _PREFIXED.findall(classes)
    names = classes.split()
    if element.tag in ("pre", "code") and (len(names) == 1 or _HIGHLIGHTED & {name.lower() for name in names}):
        alone = len(names) == 1
        yield from (name for name in names if not (alone and name.lower() in _AMBIGUOUS))
