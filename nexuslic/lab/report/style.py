"""How a report looks: one scale of type, one of space, one accent; on a screen, on a phone, in the dark, on paper."""

from nexuslic.lab.charts.palette import STYLE as CHARTS

STYLE = (
    CHARTS
    + """
:root{--small:.875rem;--large:1.25rem;--larger:1.625rem;--largest:2.25rem;
--near:.5rem;--apart:1rem;--far:2rem;--farther:3.5rem;--accent:var(--chart-accent)}
body{max-width:56rem;padding:var(--far) var(--apart) var(--farther)}
h1{font-size:var(--larger);margin:0 0 var(--near)}
h2{font-size:var(--large);margin:0 0 var(--near)}
h3{font-size:1rem;margin:var(--far) 0 var(--near)}
p,dl,figure,ul{margin:0 0 var(--apart)}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-100rem;background:var(--paper);padding:var(--near) var(--apart)}
.skip:focus{left:var(--apart);top:var(--near)}
header{border-bottom:3px solid var(--accent);padding-bottom:var(--apart)}
.answer{font-size:var(--larger);line-height:1.35;font-weight:600;text-wrap:balance}
header h1{font-size:var(--small);font-weight:600;color:var(--dim)}
header p:last-child{margin:0}
nav{margin:var(--apart) 0 var(--far);font-size:var(--small)}
nav ul{list-style:none;padding:0;margin:0;display:flex;flex-wrap:wrap;gap:var(--near) var(--apart)}
section{margin-top:var(--farther)}
section:first-child{margin-top:0}
.lead{max-width:42rem}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:var(--apart) var(--far)}
.numbers div{display:flex;flex-direction:column-reverse;justify-content:flex-end;border-top:1px solid var(--line);
padding-top:var(--near)}
.numbers dt{color:var(--dim);font-size:var(--small);line-height:1.35}
.numbers dd{margin:0;font-size:var(--largest);line-height:1.2;font-weight:600;font-variant-numeric:tabular-nums}
.unit{font-size:var(--large)}
.numbers div:first-child dd{color:var(--accent)}
.scroll>svg{display:block}
.scroll>svg{min-width:34rem}
.scroll{margin-bottom:var(--apart)}
.scroll:has(>svg){background:linear-gradient(to left,var(--paper) 40%,transparent) right/3rem 100% no-repeat local,
linear-gradient(to left,var(--line),transparent) right/.6rem 100% no-repeat scroll}
figure .scroll{margin:0}
figcaption{color:var(--dim);font-size:var(--small);margin-top:var(--near)}
details{margin:0 0 var(--near)}
summary{cursor:pointer;color:var(--accent);font-size:var(--small);padding:var(--near) 0}
table{font-size:var(--small);font-variant-numeric:tabular-nums}
th,td{border:0;border-bottom:1px solid var(--line);padding:.25rem var(--near)}
th:first-child{padding-left:0}
thead th{background:none;border-bottom:2px solid var(--line);vertical-align:bottom;font-weight:600}
tbody th{font-weight:400}
.counts td,.counts thead th{text-align:right}
.counts thead th:first-child{text-align:left}
.told tbody th{font-weight:600;min-width:8rem}
details caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
pre{font-size:var(--small);margin:0;padding:var(--apart)}
footer{margin-top:var(--farther);border-top:1px solid var(--line);padding-top:var(--near);font-size:var(--small);
color:var(--dim)}
@media (max-width:30rem){:root{--larger:1.375rem;--largest:1.75rem}}
@page{size:A4;margin:16mm 15mm}
@media print{
nav,.skip,details:not([open]){display:none}
section,section:first-child{margin-top:var(--far)}
h2,h3,.lead,caption{break-after:avoid}
figure,.numbers,tr,.trip,.told,.lead,pre{break-inside:avoid}
.numbers{grid-template-columns:repeat(4,1fr);gap:var(--apart)}
summary{list-style:none;color:var(--dim)}
thead{display:table-header-group}
.scroll,.scroll:has(>svg){overflow:visible;background:none}
.scroll>svg{min-width:0}
a[href^=http]::after{content:" (" attr(href) ")";color:var(--dim);overflow-wrap:anywhere}
}
"""
)
