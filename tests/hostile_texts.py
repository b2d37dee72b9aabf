"""Forty texts that a careless page would run as script; {n} is a number that says which one did."""

from pathlib import Path

import openpyxl

AREA = "finance"
PAYLOADS = r"""
<script>alert({n})</script>
<img src=x onerror=alert({n})>
<svg onload=alert({n})>
"><script>alert({n})</script>
'><img src=x onerror=alert({n})>
<body onload=alert({n})>
<iframe src=javascript:alert({n})>
javascript:alert({n})
<a href=javascript:alert({n})>x</a>
<input autofocus onfocus=alert({n})>
<details open ontoggle=alert({n})>
<video><source onerror=alert({n})>
<math><mtext><script>alert({n})</script>
{{7*7}}alert({n})
${alert({n})}
<%= alert({n}) %>
</title><script>alert({n})</script>
</textarea><script>alert({n})</script>
</option></select><svg onload=alert({n})>
" onmouseover=alert({n}) x="
' onfocus=alert({n}) autofocus x='
<style>@import 'javascript:alert({n})'</style>
<link rel=stylesheet href=javascript:alert({n})>
<meta http-equiv=refresh content='0;url=javascript:alert({n})'>
<object data=javascript:alert({n})>
<embed src=javascript:alert({n})>
<form action=javascript:alert({n})><button>x</form>
<marquee onstart=alert({n})>
&lt;script&gt;alert({n})&lt;/script&gt;
&#60;script&#62;alert({n})&#60;/script&#62;
<scr<script>ipt>alert({n})</scr</script>ipt>
<SCRIPT>alert({n})</SCRIPT>
<img/src=x/onerror=alert({n})>
<svg><animate onbegin=alert({n}) attributeName=x>
<x onclick=alert({n})>click
<base href=javascript:alert({n})//>
<!--<img src=x onerror=alert({n})>-->
]]><script>alert({n})</script>
\"-alert({n})-\"
<noscript><p title="</noscript><img src=x onerror=alert({n})>">
""".strip().splitlines()


def texts_of_payloads() -> list[str]:
    """The forty texts, each with its number."""
    return [payload.replace("{n}", str(number)) for number, payload in enumerate(PAYLOADS)]


def rows_of_payloads() -> dict[str, tuple[list[str], list[list]]]:
    """Tables whose every text field holds each payload once."""
    texts = texts_of_payloads()
    assert len(set(texts)) == 40
    n = range(40)
    return {
        "mentors": (
            ["mentor_id", "name", "district", "extra_districts"],
            [[f"M{i}", texts[i], texts[-i], "x"] for i in n],
        ),
        "assessments": (
            ["mentor_id", "area", "score", "assessed_on", "assessor"],
            [[f"M{i}", AREA, 40, "2026-01-01", texts[i]] for i in n],
        ),
        "businesses": (
            ["business_id", "name", "district", "sector", "needs"],
            [[f"B{i}", texts[i], texts[-i], texts[(i + 7) % 40], "bookkeeping"] for i in n],
        ),
        "engagements": (
            ["engagement_id", "mentor_id", "business_id", "started_on"],
            [[f"E{i}", f"M{i}", f"B{i}", "2026-02-01"] for i in n],
        ),
        "items": (["item_id", "text_id", "text_en"], [[f"I{i}", texts[i], texts[-i]] for i in n]),
        "responses": (
            ["respondent_id", "mentor_id", "item_id", "answer"],
            [[texts[i], f"M{i}", f"I{j}", "ya" if j <= i else "tidak"] for i in n for j in n],
        ),
        "courses": (
            ["course_id", "title", "area", "cost_per_participant_idr", "expected_gain"],
            [[f"K{i}", texts[i], AREA, 100_000, 8] for i in n],
        ),
    }


def book_of_payloads(path: Path) -> None:
    """The same as a workbook, a sheet a table."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, (headers, rows) in rows_of_payloads().items():
        sheet = book.create_sheet(name)
        for row in [headers, *rows]:
            sheet.append(row)
    book.save(path)
