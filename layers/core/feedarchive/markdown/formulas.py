"""Write each formula once: as TeX between dollar signs if its TeX is known, otherwise as readable text.

Publishers write formulas as MathML, as scripts for MathJax, as the output of KaTeX (MathML, TeX and a visual form, one
after another), in attributes, or as images.

1. Before the HTML is sanitized, :func:`mark_formulas` turns MathML and scripts into
   ``<span data-formula="TEX">readable text</span>``.
2. In the sanitized tree, :func:`reduce_formulas` finds the other kinds of formulas, and keeps one form of each formula.
3. When the tree is converted to Markdown, :func:`write_formulas` writes the TeX.
"""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.escaping import FORMULA
from feedarchive.markdown.mathml import is_display, parse_mathml, readable_math, tex_of
from feedarchive.markdown.source_elements import replace_elements
from feedarchive.markdown.tex import tex_to_markdown
from feedarchive.markdown.tree import UNWRAPPED, drop_tree, parent_of

FORMULA_ATTRIBUTES = (
    "data-formula",
    "data-display",
    "data-tex",
    "data-latex",
    "data-math",
    "data-equation",
    "data-attrs",
)
# HTML may have a formula if it contains a key and one of the strings of this key. Searching for the keys first is fast.
_SIGNS = {
    "math": ("<math", ":math", "math/tex", 'class="math', "class='math", "mwe-math", "data-math="),
    "atex": ("katex", "arithmatex", "latex.php", "codecogs", '"latex', "'latex", ' latex"', "data-latex="),
    "tex=": ("equation?tex=", "data-tex="),
}
_SCRIPT_TYPE = re.compile(r"<script\b[^>]{0,500}?\btype\s*=\s*[\"']?math/tex([^\"'>]*)[^>]{0,500}>", re.IGNORECASE)
_DELIMITED = re.compile(r"\s*(?:\\\((.*)\\\)|\\\[(.*)\\\]|\$\$(.*)\$\$|\$(.*)\$)\s*", re.DOTALL)
_IMAGE_URL = re.compile(
    r"//(?:s\d+\.wp\.com/latex\.php|l\.wordpress\.com/latex\.php|[^/]*latex\.codecogs\.com/|[^/]*codecogs\.com/[a-z]+\.latex"
    r"|www\.zhihu\.com/equation|math\.now\.sh|chart\.(?:apis\.google|googleapis)\.com/chart\?[^#]*cht=tx"
    r"|wikimedia\.org/api/rest_v1/media/math/render/|www\.forkosh\.com/|[^/]*/mimetex\.cgi|[^/]*/mathtex\.cgi)"
)
_TEX_PARAMETERS = ("latex", "tex", "from", "chl", "eq", "inline")
_OUTPUT_CLASSES = frozenset(("katex", "mwe-math-element"))
_TEXT_CLASSES = frozenset(("math", "arithmatex", "js-inline-math", "js-display-math"))
_DISPLAY_STYLE = re.compile(r"\{\\(?:displaystyle|textstyle)\s*(.*)\}\s*", re.DOTALL)
_INLINE_PARENTS = frozenset(
    "a b strong i em var del s strike span p h1 h2 h3 h4 h5 h6 li td th figcaption caption".split()
)


def may_have_formulas(source: str) -> bool:
    """Check quickly whether HTML may contain a formula. If the result is False, it contains none."""
    return any(piece in source and any(sign in source for sign in signs) for piece, signs in _SIGNS.items())


def mark_formulas(source: str) -> str:
    """Turn MathML and scripts for MathJax into ``<span>`` elements, which the sanitizer keeps."""
    source = replace_elements(source, "math", _mark_mathml)
    return replace_elements(source, "script", _mark_script) if "math/tex" in source else source


def reduce_formulas(root: HtmlElement) -> None:
    """Replace each formula in a sanitized tree with one ``<formula>`` element.

    A page may write the same formula in several forms, for example as TeX and as an image. Only one form is kept. A
    formula whose TeX is unknown becomes readable text.
    """
    for element in list(root.iter("span", "div", "p", "img")):
        if element.tag == "img":
            tex, display = image_tex(element), False
        elif (marked := element.get("data-formula")) is not None:
            tex, display = marked, element.get("data-display") is not None
        else:
            tex, display = _tex_in_attributes(element), element.tag != "span"
        if tex or element.get("data-formula") is not None:
            _make_formula(element, tex, display)
    for element in list(root.iter("span", "div")):
        if (classes := set((element.get("class") or "").split())) and element.getparent() is not None:
            _reduce_output(element, classes)
    for formula in list(root.iter(FORMULA)):
        if not formula.get("tex"):
            formula.attrib.clear()
            formula.tag = UNWRAPPED
        elif formula.get("display") and parent_of(formula).tag not in _INLINE_PARENTS:
            paragraph = formula.makeelement("p")
            formula.addprevious(paragraph)
            paragraph.tail, formula.tail = formula.tail, None
            paragraph.append(formula)
    etree.strip_tags(root, UNWRAPPED)


def image_tex(image: HtmlElement) -> str:
    """Return the TeX source of an image; "" if the image is not a formula, or if its TeX is unknown."""
    url = image.get("src") or ""
    if not (_IMAGE_URL.search(url) or "latex" in (image.get("class") or "").split()):
        return ""
    if alternative := (image.get("alt") or "").strip():
        delimited = _DELIMITED.fullmatch(alternative)
        return next(group for group in delimited.groups() if group is not None) if delimited else alternative
    parts = urlsplit(url)
    parameters = parse_qs(parts.query)
    found = next((parameters[name][0] for name in _TEX_PARAMETERS if name in parameters), "")
    return found or (unquote(parts.query) if "codecogs" in parts.netloc else "")


def is_formula_image(url: str) -> bool:
    """Check whether a URL belongs to a service that draws formulas."""
    return bool(_IMAGE_URL.search(url))


def write_formulas(root: HtmlElement) -> None:
    """Replace each ``<formula>`` with Markdown. Call this after all other texts were escaped."""
    for formula in root.iter(FORMULA):
        if markdown := tex_to_markdown(formula.get("tex") or "", bool(formula.get("display")), _is_in_table(formula)):
            formula.text = markdown
        following = formula.getnext()
        if following is not None and following.tag == FORMULA and not formula.tail:
            formula.tail = " "  # without a space, "$x$$y$" would not be read as two formulas
        formula.attrib.clear()
    etree.strip_tags(root, FORMULA)


def _mark_mathml(source: str, _before: str) -> str:
    math = parse_mathml(source)
    if math is None:
        return source
    return _marked(tex_of(math), readable_math(math), is_display(math))


def _mark_script(source: str, _before: str) -> str:
    opening = _SCRIPT_TYPE.match(source)
    if opening is None:
        return source
    tex = source[opening.end() : source.rindex("</")]
    tex = re.sub(r"^\s*(?:%\s*)?<!\[CDATA\[|(?:%\s*)?\]\]>\s*$", "", tex).strip()
    return _marked(tex, tex, "mode=display" in opening.group(1).replace(" ", ""))


def _marked(tex: str, readable: str, display: bool) -> str:
    mark = ' data-display=""' if display else ""
    return f'<span data-formula="{html.escape(tex)}"{mark}>{html.escape(readable)}</span>'


def _make_formula(element: HtmlElement, tex: str, display: bool) -> None:
    tail, readable = element.tail, str(element.text_content()).strip()
    display = display or "katex-display" in (parent_of(element).get("class") or "")
    if styled := _DISPLAY_STYLE.fullmatch(tex):
        tex = styled.group(1)
    element.clear()
    element.tag, element.tail = FORMULA, tail
    element.text = readable or tex
    element.set("tex", tex.strip())
    if display:
        element.set("display", "block")


def _tex_in_attributes(element: HtmlElement) -> str:
    for name in FORMULA_ATTRIBUTES[2:-1]:
        if (value := (element.get(name) or "").strip()) and not value.startswith(("{", "[")):
            return value
    attributes = element.get("data-attrs") or ""
    if "persistentExpression" not in attributes:
        return ""
    try:
        parsed = json.loads(attributes)
    except ValueError:
        return ""
    expression = parsed.get("persistentExpression") if isinstance(parsed, dict) else None
    return expression.strip() if isinstance(expression, str) else ""


def _reduce_output(element: HtmlElement, classes: set[str]) -> None:
    """If KaTeX, MathJax, Wikipedia or pandoc wrote this element, reduce it to its formula."""
    following = element.getnext()
    if "MathJax_Preview" in classes and following is not None and following.tag == FORMULA:
        drop_tree(element)
    elif classes & _OUTPUT_CLASSES or any(name.startswith("MathJax") for name in classes):
        _reduce_to_formula(element)
    elif classes & _TEXT_CLASSES:
        _read_delimited(element)


def _reduce_to_formula(element: HtmlElement) -> None:
    """Replace ``element``, the output of KaTeX, MathJax or another program, with the ``<formula>`` in it.

    If the ``<formula>`` is not in ``element`` but right after it, drop ``element``.
    """
    formula = next(element.iter(FORMULA), None)
    if formula is None:
        following = element.getnext()
        if following is not None and following.tag == FORMULA and not (element.tail or "").strip():
            drop_tree(element)
        return
    tex, text, display = formula.get("tex") or "", formula.text, formula.get("display")
    parent_class = parent_of(element).get("class") or ""
    tail = element.tail
    element.clear()
    element.tag, element.tail, element.text = FORMULA, tail, text
    element.set("tex", tex)
    if display or "katex-display" in parent_class or "MathJax_Display" in parent_class:
        element.set("display", "block")


def _read_delimited(element: HtmlElement) -> None:
    """Read TeX that pandoc, Sphinx and others write as text: ``<span class="math inline">\\(x^2\\)</span>``."""
    if len(element):
        return
    text = element.text or ""
    delimited = _DELIMITED.fullmatch(text)
    display = bool({"display", "js-display-math"} & set((element.get("class") or "").split()))
    if delimited:
        tex = next(group for group in delimited.groups() if group is not None)
        _make_formula(element, tex, display or delimited.group(2) is not None or delimited.group(3) is not None)
    elif re.search(r"[\\^_]", text):
        _make_formula(element, text.strip(), display)


def _is_in_table(element: HtmlElement) -> bool:
    return any(ancestor.tag == "table" for ancestor in element.iterancestors("table"))
