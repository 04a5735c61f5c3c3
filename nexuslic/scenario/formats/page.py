"""One self-contained page: no script, nothing from elsewhere, light and dark, and fit for a printer."""

from nexuslic.scenario.formats.letters import html

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#f3f4f6;--line:#c9ced6;--dim:#565e69;--link:#0a53a8;
--good:#1a7f42;--bad:#b42318;--good-soft:#e3f4e9;--bad-soft:#fde8e6}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#15181c;--soft:#20252b;--line:#3d454f;--dim:#a0a8b3;
--link:#7db5f5;--good:#5fd08a;--bad:#ff8f84;--good-soft:#16301f;--bad-soft:#3a1c1a}}
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
