"""Prints receipts as PDF, with every Kazakh letter and the same bytes for the same paper."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from bot.app.records import ReceiptPaper

FONTS = Path(__file__).parent / "fonts"
_SANS, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_INK, _SOFT, _LINE, _MARK = HexColor("#14262e"), HexColor("#4b616b"), HexColor("#d5e1e6"), HexColor("#eeeeee")
_MARGIN, _NAMES, _QR = 20 * mm, 52 * mm, 34 * mm
_FRAME_PADDING = 6
_WIDTH = A4[0] - 2 * (_MARGIN + _FRAME_PADDING)
_TEXT = ParagraphStyle("text", fontName=_SANS, fontSize=10, leading=14.5, textColor=_INK)
_NAME = ParagraphStyle("name", _TEXT, textColor=_SOFT, fontSize=9)
_NOTE = ParagraphStyle("note", _TEXT, textColor=_SOFT, fontSize=9, leading=13, spaceAfter=4)
_TITLE = ParagraphStyle("title", _TEXT, fontName=_BOLD, fontSize=17, leading=23, spaceAfter=6 * mm)
_HEAD = ParagraphStyle("head", _TEXT, fontName=_BOLD, fontSize=11, spaceBefore=6 * mm, spaceAfter=2 * mm)


class PdfPrinter:
    """The `ReceiptPrinter`. Raises OSError when the fonts are not there."""

    def __init__(self, fonts: Path = FONTS) -> None:
        for name in (_SANS, _BOLD):
            pdfmetrics.registerFont(TTFont(name, str(fonts / f"{name}.ttf")))

    def print(self, paper: ReceiptPaper) -> bytes:
        """A4, with title, language, page numbers and a QR code to the status page."""
        out = io.BytesIO()
        document = SimpleDocTemplate(
            out,
            pagesize=A4,
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            topMargin=_MARGIN,
            bottomMargin=_MARGIN,
            title=paper.title,
            author="Көмекші",
            subject=paper.text_title,
            lang=paper.locale,
            displayDocTitle=True,
            invariant=1,
        )

        def canvas(*args: Any, **options: Any) -> Canvas:
            return _Pages(paper, *args, **options)

        def mark(page: Canvas, _: SimpleDocTemplate) -> None:
            _watermark(page, paper.watermark)

        document.build(_story(paper), onFirstPage=mark, onLaterPages=mark, canvasmaker=canvas)
        return out.getvalue()


class _Pages(Canvas):  # type: ignore[misc] # reportlab has no types
    """Numbers the pages once it is known how many there are."""

    def __init__(self, paper: ReceiptPaper, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._paper = paper
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Put the page aside until all are there."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Number and write all pages."""
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self.setFont(_SANS, 8)
            self.setFillColor(_SOFT)
            said = self._paper.numbering.format(page=number, pages=len(self._kept))
            self.drawRightString(A4[0] - _MARGIN, 11 * mm, said)
            super().showPage()
        super().save()


def _story(paper: ReceiptPaper) -> list[Flowable]:
    rows = [[Paragraph(_shown(name), _NAME), Paragraph(_shown(value), _TEXT)] for name, value in paper.rows]
    facts = Table(rows, colWidths=(_NAMES, _WIDTH - _NAMES))
    facts.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    notes = Table(
        [[_qr(paper.link), [Paragraph(_shown(note), _NOTE) for note in paper.notes]]],
        colWidths=(_QR + 6 * mm, _WIDTH - _QR - 6 * mm),
    )
    notes.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    text = [Paragraph(_shown(line) or "&nbsp;", _TEXT) for line in paper.text.split("\n")]
    return [
        Paragraph(_shown(paper.title), _TITLE),
        facts,
        Spacer(0, 6 * mm),
        notes,
        Paragraph(_shown(paper.text_title), _HEAD),
        *text,
    ]


def _watermark(page: Canvas, words: str) -> None:
    page.saveState()
    page.setFont(_BOLD, 64)
    page.setFillColor(_MARK)
    page.translate(A4[0] / 2, A4[1] / 2)
    page.rotate(52)
    page.drawCentredString(0, 0, words)
    page.restoreState()


def _qr(link: str) -> Drawing:
    code = QrCodeWidget(link, barLevel="M", barBorder=0, barWidth=_QR, barHeight=_QR)
    drawing = Drawing(_QR, _QR)
    drawing.add(code)
    return drawing


def _shown(text: str) -> str:
    return escape(text).replace("\n", "<br/>")
