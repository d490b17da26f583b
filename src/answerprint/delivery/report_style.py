"""How a report looks: light paper and neutral greys, as the record's page; nothing on it is green."""

from answerprint.delivery.paper_style import PAPER

__all__ = ["SHEET"]

SHEET = PAPER + """\
ul { list-style: none; }
.small { font-size: 14px; line-height: 20px; color: var(--soft); max-width: 72ch; }
.tiny, figcaption { font-size: 12px; line-height: 16px; color: var(--quiet); max-width: 80ch; }
.verdict { font-size: 28px; line-height: 36px; margin-top: 24px; }
.lede { max-width: 64ch; margin-top: 8px; color: var(--soft); }
.type { font: 14px/20px var(--type); color: var(--soft); }
header { padding-bottom: 48px; }
.machine { font: 14px/20px var(--sans); color: var(--soft); border-top: 1px dotted var(--dots); padding-top: 8px; max-width: 72ch; }
.machine li + li { margin-top: 4px; }
header .machine { margin-top: 24px; }
.plate { display: grid; grid-template-columns: 184px minmax(0, 1fr); gap: 24px 40px; padding: 32px 0 48px; border-top: 1px solid var(--ink); }
.finding + .finding { margin-top: 32px; padding-top: 24px; border-top: 1px solid var(--hair); }
.finding > * + * { margin-top: 4px; }
.says b { display: inline-block; font-size: 12px; line-height: 16px; letter-spacing: .04em; padding: 1px 6px; border: 1px solid var(--dots); vertical-align: 2px; margin-right: 4px; }
.says b.FAIL { background: var(--stop); border-color: var(--stop); color: #fff; }
.says b.WARN { background: var(--act); border-color: #00000059; }
.says b.note { font-weight: 400; }
.check { font-weight: 600; }
.finding .places { margin-top: 16px; display: grid; gap: 16px; }
.strip { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 8px; margin-top: 4px; max-width: 696px; }
img { display: block; width: 100%; height: auto; max-height: 320px; object-fit: contain; object-position: left; background: var(--desk); }
figcaption { margin-top: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 20px; }
th { text-align: left; font-weight: 400; color: var(--quiet); width: 136px; }
td, th { vertical-align: baseline; padding: 6px 16px 6px 0; border-top: 1px dotted var(--dots); }
tr:first-child > * { border-top: 0; padding-top: 0; }
.plot { padding-left: 36px; margin-bottom: 12px; }
.unit { font-size: 12px; line-height: 16px; color: var(--quiet); margin: 0 0 8px -36px; }
.field { position: relative; height: 200px; border-left: 1px solid var(--hair); }
.field svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.field span, .seconds span { position: absolute; font-size: 12px; line-height: 16px; color: var(--quiet); white-space: nowrap; }
.tick { right: calc(100% + 6px); transform: translateY(-50%); }
.asked { right: 0; transform: translateY(-100%); background: #fcfcfccc; padding: 0 2px; }
.seconds { position: relative; height: 20px; margin-top: 4px; }
svg path { fill: none; vector-effect: non-scaling-stroke; }
.grid { stroke: var(--hair); stroke-width: 1; } .mark { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 4 3; }
.line { stroke: var(--ink); stroke-width: 1.75; stroke-linejoin: round; } .line.thin { stroke: #8a8a8a; stroke-width: 1; }
rect.FAIL { fill: var(--stop); } rect.WARN { fill: var(--act); }
@media (max-width: 760px) {
  body { padding: 0; background: var(--paper); }
  main { padding: 32px 16px 64px; }
  h1 { font-size: 28px; line-height: 36px; } .verdict { font-size: 20px; line-height: 28px; margin-top: 16px; }
  .plate { grid-template-columns: minmax(0, 1fr); gap: 16px; padding: 24px 0 40px; }
  th { width: 104px; } .field { height: 160px; }
}
@media print {
  @page { margin: 16mm; }
  body { background: none; padding: 0; font-size: 10pt; line-height: 14pt; } main { max-width: none; padding: 0; background: none; }
  .says b, rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .plate { grid-template-columns: 120px minmax(0, 1fr); gap: 16px 24px; } h2 { break-after: avoid; } .finding, .plot, .places li { break-inside: avoid; }
}
"""
