"""One self-contained page: no script, nothing from elsewhere, light and dark, and fit for a printer."""

from collections.abc import Iterable, Mapping, Sequence

from nexuslic.scenario.formats.letters import html

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

LIGHT = {
    "ink": "#1b1f24",
    "paper": "#fff",
    "soft": "#f3f4f6",
    "line": "#c9ced6",
    "dim": "#565e69",
    "link": "#0a53a8",
    "good": "#1a7f42",
    "bad": "#b42318",
    "good-soft": "#e3f4e9",
    "bad-soft": "#fde8e6",
}
DARK = {
    "ink": "#e6e8eb",
    "paper": "#15181c",
    "soft": "#20252b",
    "line": "#3d454f",
    "dim": "#a0a8b3",
    "link": "#7db5f5",
    "good": "#5fd08a",
    "bad": "#ff8f84",
    "good-soft": "#16301f",
    "bad-soft": "#3a1c1a",
}
"""The colours of a page by name, each at least AA on its paper."""


def variables(colours: Mapping[str, str]) -> str:
    """Colours as what a style calls them: `--ink:#1b1f24;`."""
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


STYLE = f"""
:root{{color-scheme:light dark;{variables(LIGHT)}}}
@media (prefers-color-scheme:dark){{:root{{{variables(DARK)}}}}}"""
STYLE += """
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:break-word}
h1,h2,h3,h4{line-height:1.25;margin:1.6em 0 .5em}
h1{margin-top:0}
a{color:var(--link)}
code,.mono{font:.92em/1.45 ui-monospace,SFMono-Regular,Consolas,monospace}
table{border-collapse:collapse}
th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}
thead th{background:var(--soft)}
caption{text-align:left;color:var(--dim);padding-bottom:.25rem}
.scroll{overflow-x:auto}
.dim{color:var(--dim)}
.good{color:var(--good);font-weight:600}
.bad{color:var(--bad);font-weight:600}
pre{white-space:pre-wrap;background:var(--soft);padding:.6rem;border-radius:.3rem}
@media print{:root{color-scheme:light;--ink:#000;--paper:#fff;--soft:#f3f4f6;--line:#999;--dim:#444;--link:#000;
--good:#0b5c2c;--bad:#8f1b12;--good-soft:#fff;--bad-soft:#fff}
body{max-width:none;padding:0;font-size:10pt}a{text-decoration:none}}
"""


def write(title: str, body: str, style: str = "") -> str:
    """The whole page."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html(_POLICY).replace("&#39;", chr(39))}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def scrolling(label: str, inner: str) -> str:
    """What may be wider than the page: it scrolls by itself, also by keyboard; `label` says what it is."""
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{html(label)}">{inner}</div>'


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table of texts; each row begins with what it is of. `kind` is its class."""
    named = f' class="{kind}"' if kind else ""
    head = "".join(f'<th scope="col">{html(word)}</th>' for word in heads)
    lines = (
        f'<tr><th scope="row">{html(first)}</th>{"".join(f"<td>{html(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return scrolling(
        caption,
        f"<table{named}><caption>{html(caption)}</caption><thead><tr>{head}</tr></thead>\n"
        "<tbody>" + "\n".join(lines) + "</tbody></table>",
    )
