"""Small files of office formats, made by hand: what their standards ask for and nothing more."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SLIDES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def _package(path: Path, main: str, kind: str, parts: dict[str, str], overrides: dict[str, str]) -> Path:
    types = "".join(f'<Override PartName="/{name}" ContentType="{_MAIN}.{form}+xml"/>' for name, form in {main: kind, **overrides}.items())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        )
        archive.writestr("_rels/.rels", _relations({"rId1": ("officeDocument", main)}))
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    rows = "".join(f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for key, (kind, target) in targets.items())
    return f'<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def docx(path: Path, parts: list[tuple[str, str]], rows: list[list[str]] | None = None) -> Path:
    """Write paragraphs as (style or nothing, text), and a table after them."""
    body = "".join(_paragraph(text, style) for style, text in parts)
    cells = "".join("<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows or [])
    table = f"<w:tbl>{cells}</w:tbl>" if rows else ""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in (1, 2)
    )
    return _package(
        path,
        "word/document.xml",
        "wordprocessingml.document.main",
        {
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}{table}</w:body></w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
            "word/_rels/document.xml.rels": _relations({"rId1": ("styles", "styles.xml")}),
        },
        {"word/styles.xml": "wordprocessingml.styles"},
    )


def _paragraph(text: str, style: str = "") -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{styled}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def pptx(path: Path, slides: list[str]) -> Path:
    """Write slides with one text each."""
    numbers = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in numbers)
    parts = {
        "ppt/presentation.xml": f'<p:presentation {_SLIDES} xmlns:r="{_OFFICE}"><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": _relations({f"rId{number}": ("slide", f"slides/slide{number}.xml") for number in numbers}),
    }
    for number, text in zip(numbers, slides, strict=True):
        parts[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {_SLIDES}><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
            "</p:spTree></p:cSld></p:sld>"
        )
    kinds = {f"ppt/slides/slide{number}.xml": "presentationml.slide" for number in numbers}
    return _package(path, "ppt/presentation.xml", "presentationml.presentation.main", parts, kinds)


def xlsx(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """Write sheets of texts."""
    names = list(sheets)
    listed = "".join(f'<sheet name="{name}" sheetId="{index}" r:id="rId{index}"/>' for index, name in enumerate(names, 1))
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{index}": ("worksheet", f"worksheets/sheet{index}.xml") for index in range(1, len(names) + 1)}
        ),
    }
    for index, name in enumerate(names, 1):
        rows = "".join(
            f'<row r="{row}">'
            + "".join(
                f'<c r="{chr(64 + column)}{row}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' for column, text in enumerate(cells, 1)
            )
            + "</row>"
            for row, cells in enumerate(sheets[name], 1)
        )
        parts[f"xl/worksheets/sheet{index}.xml"] = f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    kinds = {f"xl/worksheets/sheet{index}.xml": "spreadsheetml.worksheet" for index in range(1, len(names) + 1)}
    return _package(path, "xl/workbook.xml", "spreadsheetml.sheet.main", parts, kinds)


def pdf(path: Path, pages: list[list[str]], trailer: str = "") -> Path:
    """Write pages of lines in Helvetica; `trailer` is added to the trailer's dictionary."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for index, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        drawn = " ".join(f"({line}) Tj 0 -16 Td" for line in lines)
        stream = f"BT /F1 12 Tf 72 770 Td {drawn} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    data, places = b"%PDF-1.4\n", list[int]()
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\n"
    path.write_bytes(data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode("latin-1"))
    return path
