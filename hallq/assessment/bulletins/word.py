"""The bulletin as a Word file (.docx): real headings, tables that repeat their head, pictures, page numbers."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from hallq.assessment.bulletins.chart import draw
from hallq.assessment.bulletins.words import say

SONG, HEI, RED, GREY = "宋体", "黑体", "B3261E", "3C4753"


def docx(paper: Mapping[str, Any]) -> bytes:
    from docx import Document
    from docx.shared import Mm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(24), Mm(20), Mm(22), Mm(20)
    _style(document)
    document.core_properties.title = paper["title"]
    document.core_properties.author = paper["hall"]
    _head(document, paper)
    for section in paper["sections"]:
        _section(document, section)
    if paper["asked"]:
        _table(document, paper["asked"])
    _end(document, paper)
    _number_pages(page.footer.paragraphs[0])
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _style(document: Any) -> None:
    from docx.shared import Pt, RGBColor

    for name, font, size in (("Normal", SONG, 11), ("Title", HEI, 17), ("Heading 1", HEI, 13), ("Heading 2", HEI, 10)):
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(_w(which), None)  # a theme's font would stand before ours
        fonts.set(_w("eastAsia"), font)


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    found: str = qn(f"w:{name}")
    return found


def _line(document: Any, words: str, *, style: str = "Normal", align: str = "LEFT", indent: bool = False) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = document.add_paragraph(words, style=style)
    line.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    line.paragraph_format.space_after = Pt(4)
    if indent:
        line.paragraph_format.first_line_indent = Pt(22)
    return line


def _colour(line: Any, colour: str, size: float) -> None:
    from docx.shared import Pt, RGBColor

    for run in line.runs:
        run.font.color.rgb, run.font.size = RGBColor.from_string(colour), Pt(size)


def _head(document: Any, paper: Mapping[str, Any]) -> None:
    letterhead = _line(document, paper["hall"], align="CENTER")
    letterhead.runs[0].bold = True
    _colour(letterhead, RED, 22)
    _line(document, paper["number"], align="CENTER")
    _line(document, paper["title"], style="Title", align="CENTER")
    for words in paper["lines"]:
        _line(document, words)


def _section(document: Any, section: Mapping[str, Any]) -> None:
    from docx.shared import Mm

    _line(document, section["title"], style="Heading 1")
    for words in section["paragraphs"]:
        _line(document, words, indent=True)
    for table in section["tables"]:
        _table(document, table)
    for chart in section["charts"]:
        picture = draw(chart)
        if picture is not None:
            _line(document, f"{chart['title']}（{chart['unit']}）", style="Heading 2")
            document.add_picture(BytesIO(picture), width=Mm(160))


def _table(document: Any, each: Mapping[str, Any]) -> None:
    _line(document, each["title"], style="Heading 2")
    table = document.add_table(rows=1, cols=len(each["columns"]), style="Table Grid")
    _fill(table.rows[0], each["columns"], bold=True)
    mark = table.rows[0]._tr.get_or_add_trPr()
    mark.append(_element("tblHeader"))
    for cells in each["rows"]:
        _fill(table.add_row(), cells)
    _line(document, "")


def _fill(row: Any, cells: Any, *, bold: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for cell, value in zip(row.cells, cells, strict=True):
        line = cell.paragraphs[0]
        run = line.add_run(str(value))
        run.font.size, run.bold = Pt(9.5), bold
        line.paragraph_format.space_after = Pt(0)
        if isinstance(value, int | float) or value.endswith("%") or value == "—":
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(_w(key), value)
    return made


def _end(document: Any, paper: Mapping[str, Any]) -> None:
    _line(document, paper["hall"], align="RIGHT")
    _line(document, paper["day"], align="RIGHT")
    if paper["signed"]:
        _line(document, "　　".join(paper["signed"]))
    if paper["copies"]:
        _line(document, paper["copies"])
    if paper["definitions"]:
        _line(document, say("definitions"), style="Heading 2")
    for words in [*(f"{n}. {each}" for n, each in enumerate(paper["definitions"], 1)), *paper["foot"]]:
        _colour(_line(document, words), GREY, 8.5)


def _number_pages(line: Any) -> None:
    """第 n 页，共 m 页: fields that Word counts itself."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("第 ", "PAGE"), (" 页，共 ", "NUMPAGES"), (" 页", "")):
        line.add_run(words)
        if field:
            run = line.add_run()
            run._r.append(_element("fldChar", fldCharType="begin"))
            code = _element("instrText")
            code.text = field
            run._r.append(code)
            run._r.append(_element("fldChar", fldCharType="end"))
