"""Bulletins on paper: the PDF brings its Chinese fonts along, the Word file is a real one, both say the same."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from PIL import Image

from hallq.assessment.bulletins import chart, page, render, word

PAPER: dict[str, Any] = {
    "hall": "青禾县政务服务中心", "title": "关于2026年10月督查情况的通报",
    "number": "督查通报〔2026〕12号", "day": "2026年11月5日",
    "lines": ["本通报更正 督查通报〔2026〕11号。更正原因：次数有误", "主送：各进驻窗口部门"],
    "sections": [{
        "title": "一、在岗履职", "paragraphs": ["离岗 <3> 次。"],
        "tables": [{"title": "离岗超时", "columns": ["部门", "次数", "占比"], "rows": [["社保", 3, "12.0%"]]}],
        "charts": [{"title": "每日取号", "unit": "个号", "bars": [["社保", 3.0], ["户政", 0.0]], "most": None}],
    }],
    "asked": None, "signed": ["中心主要负责人：李书记"], "copies": "抄送：派驻纪检监察组",
    "definitions": ["离岗超时：超过规定时限。"], "foot": ["操作记录第 415 条　哈希 6db4ed"],
}  # fmt: skip
SAID = ["青禾县政务服务中心", "督查通报〔2026〕12号", "主送：各进驻窗口部门", "一、在岗履职", "离岗 <3> 次。",
        "离岗超时", "12.0%",
        "中心主要负责人：李书记", "离岗超时：超过规定时限。", "操作记录第 415 条　哈希 6db4ed"]  # fmt: skip


def test_the_pdf_embeds_chinese_fonts() -> None:
    made = page.pdf(PAPER)
    streams = [_inflated(each) for each in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)]
    known = b"".join(streams)
    assert made.startswith(b"%PDF-")
    assert b"/FontFile3" in made + known
    for sign in "督查通报窗口":
        assert f"<{ord(sign):04x}>".encode() in known.lower(), sign  # it can be searched and copied


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_the_word_file_has_headings_tables_and_the_chart() -> None:
    document = Document(BytesIO(word.docx(PAPER)))
    words = "\n".join([line.text for line in document.paragraphs] + [cell.text for cell in _cells(document)])
    assert [each for each in SAID if each not in words] == []
    assert [line.text for line in document.paragraphs if line.style and line.style.name == "Heading 1"] == [
        "一、在岗履职"
    ]
    assert len(document.inline_shapes) == 1
    assert "NUMPAGES" in document.sections[0].footer._element.xml


def _cells(document: Any) -> list[Any]:
    return [cell for table in document.tables for row in table.rows for cell in row.cells]


def test_the_page_says_the_same_and_takes_no_markup() -> None:
    html = page.html(PAPER)
    assert [each for each in SAID if each.replace("<3>", "&lt;3&gt;") not in html] == []
    assert "<script" not in html
    assert 'alt="每日取号：社保 3.0；户政 0.0"' in html


@pytest.mark.parametrize("bars", [2, 31])
def test_bars_begin_at_zero_and_fit(bars: int) -> None:
    made = chart.draw({"bars": [[f"{n:02d}-01", float(n)] for n in range(bars)], "most": None})
    assert made is not None
    picture = Image.open(BytesIO(made)).convert("RGB")
    assert picture.width == chart.WIDTH
    assert (31, 95, 174) in {colour for _, colour in picture.getcolors(1 << 16) or []}


def test_what_is_missing_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(paper: Any) -> bytes:
        raise OSError("cannot load library 'libpangoft2-1.0-0'\nand so on")

    monkeypatch.setattr(render, "FORMS", {"pdf": ("application/pdf", broken)})
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": BytesIO(b"{}")}))
    assert render.main("pdf") == render.MISSING
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "apt-get install" in said
