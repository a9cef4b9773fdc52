"""Kiosks and pads stay in service for years: the pages need nothing that Chromium 109 does not have. Read, not run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UI = Path("kiosk_ui")
NEWER_CSS = {  # what, and since which Chromium
    r"(?m)^\s+&": "nesting (112)",
    r"\boklch\(|\boklab\(|\bcolor-mix\(|\blch\(": "new colours (111)",
    r"\bround\(|\bmod\(|\brem\(|\bsin\(|\bpow\(": "mathematical functions (111 and later)",
    r"\bsubgrid\b": "subgrid (117)",
    r"@scope\b": "@scope (118)",
    r"@starting-style\b": "@starting-style (117)",
    r"\blight-dark\(": "light-dark() (123)",
    r"\d(?:cqw|cqh|lh|rlh)\b(?<!\dlh)": "rlh (111)",
    r"\bview-transition": "view transitions (111)",
    r"\banimation-timeline\b": "scroll timelines (115)",
    r"\binterpolate-size\b|\bfield-sizing\b|\banchor\(|\bposition-try": "layout of 2024 and later",
    r"@property\b[^{]*\{[^}]*initial-value[^}]*calc-size": "calc-size (129)",
}
NEWER_JS = {
    r"\bArray\.fromAsync\b": "Array.fromAsync (121)",
    r"\.toSorted\(|\.toReversed\(|\.toSpliced\(|\.with\(": "copying array methods (110)",
    r"\bObject\.groupBy\b|\bMap\.groupBy\b": "groupBy (117)",
    r"\bPromise\.withResolvers\b|\bPromise\.try\b": "Promise.withResolvers (119)",
    r"\bURL\.canParse\b|\bURL\.parse\(": "URL.canParse (120)",
    r"\bAbortSignal\.any\b": "AbortSignal.any (116)",
    r"\bnew Set\([^)]*\)\.(union|intersection|difference)|\.isSubsetOf\(|\.symmetricDifference\(": "set methods (122)",
    r"\bstartViewTransition\b": "view transitions (111)",
    r"\bpopover\b|\bshowPopover\b": "popover (114)",
    r"\bcheckVisibility\b.*\{": "options of checkVisibility (121)",
    r"\bimport .* with \{": "import attributes (123)",
    r"\bIterator\.from\b|\.values\(\)\.map\(|\.keys\(\)\.map\(|\.entries\(\)\.map\(": "iterator helpers (122)",
    r"\bcrypto\.randomUUID\b|\bcrypto\.subtle\b|\bnavigator\.clipboard\b|\bserviceWorker\b": "only in secure contexts",
    r"/[a-z]*v[a-z]*\.test": "regular expressions with v (112)",
}
OPTIONAL = r"text-wrap: balance;"  # only makes lines prettier


def found_in(path: Path, newer: dict[str, str]) -> list[str]:
    text = re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)", "", path.read_text("utf-8"), flags=re.S).replace(OPTIONAL, "")
    return [f"{path}: {what}" for pattern, what in newer.items() if re.search(pattern, text)]


@pytest.mark.parametrize(("ending", "newer"), [("css", NEWER_CSS), ("js", NEWER_JS)], ids=["css", "js"])
def test_nothing_is_newer_than_chromium_109(ending: str, newer: dict[str, str]) -> None:
    files = sorted(UI.rglob(f"*.{ending}"))
    assert files
    assert not [fault for path in files for fault in found_in(path, newer)]


def test_no_layout_depends_on_has() -> None:
    """`:has()` is there since 105, but slow on large pages, and Firefox kiosks of that age lack it."""
    assert not [path for path in UI.rglob("*.css") if ":has(" in path.read_text("utf-8")]


def test_no_address_outside_the_hub() -> None:
    """The namespace of drawings is a name, not an address."""
    for path in sorted(UI.rglob("*.*")):
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|[\"'(]//\w", text), path
