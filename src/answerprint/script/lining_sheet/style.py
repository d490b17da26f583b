"""The style sheet of the page: light paper, neutral greys, one warm accent where a person has to act."""

from __future__ import annotations

__all__ = ["SHEET"]

SHEET = """\
:root { color-scheme: light; --paper: #fcfcfc; --desk: #e6e6e6; --ink: #161616; --soft: #4c4c4c; --pen: #3c3c3c; --hair: #00000024; --act: #e0ac00;
  --type: "Courier Prime", "Courier New", Courier, "Liberation Mono", monospace;
  --sans: "Source Sans 3", "Source Sans Pro", "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif;
  --serif: "Source Serif 4", "Source Serif Pro", "Iowan Old Style", "Times New Roman", Times, "Liberation Serif", serif; }
* { box-sizing: border-box; margin: 0; padding: 0; }
body { background: var(--desk); color: var(--ink); font: 14px/20px var(--sans); padding: 32px; }
header { display: flex; align-items: baseline; gap: 16px; max-width: 1056px; margin: 0 auto 16px; }
h1 { font: 600 20px/28px var(--sans); } h2 { font: 600 14px/20px var(--sans); margin-bottom: 8px; }
.quiet { color: var(--soft); }
.type { font-family: var(--type); }
a { color: inherit; }
a:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.sr { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 24px; max-width: 1056px; margin: 0 auto 24px; font-size: 12px; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 8px; }
.legend svg { width: 20px; height: 24px; overflow: visible; }
.notes { list-style: none; max-width: 1056px; margin: 0 auto 16px; color: var(--soft); border-top: 1px dotted #0006; padding-top: 8px; }
.notes ul { list-style: none; padding-top: 8px; }
.sheet { display: block; width: 100%; max-width: 1056px; margin: 0 auto 32px; background: var(--paper); }
.sheet text { white-space: pre; fill: var(--ink); }
.sheet .type { font: 12px var(--type); } .sheet .strong, .bold { font-weight: 700; } .sheet .slant { font-style: italic; } .sheet .under { text-decoration: underline; }
.sheet .sans { font-family: var(--sans); } .sheet .bold { font-weight: 600; } .sheet .serif { font-family: var(--serif); }
.sheet .over { font-family: var(--sans); font-style: italic; font-weight: 500; }
.sheet .soft, .sheet .below { fill: var(--soft); } .middle, .again { text-anchor: middle; } .right { text-anchor: end; } .sheet .again { fill: var(--soft); }
svg path { fill: none; }
.line { stroke: var(--pen); stroke-width: 1.15; stroke-linejoin: round; } .thin { stroke-width: .5; } .faint { stroke-dasharray: 1.2 2.2; }
.ring { stroke: var(--ink); stroke-width: 1.5; stroke-linecap: round; vector-effect: none; }
.strike { stroke: var(--ink); stroke-width: .9; } .hand { stroke: var(--ink); stroke-width: 1; }
.hair { stroke: var(--hair); stroke-width: .6; } .dots { stroke: #0008; stroke-width: .6; stroke-dasharray: .8 1.8; } .asks { stroke: var(--act); stroke-width: 2.4; }
.hero { stroke: var(--ink); stroke-width: .7; } .stock { fill: none; stroke: var(--soft); stroke-width: .6; stroke-dasharray: 3 2; }
.slate { fill: var(--paper); stroke: var(--pen); stroke-width: .6; } svg .bars { fill: var(--pen); } svg .dot { fill: var(--act); stroke: var(--ink); stroke-width: .5; }
.hit { stroke: transparent; stroke-width: 13; pointer-events: stroke; }
.sheet a { cursor: pointer; } .sheet a:hover .hit, .sheet a:focus-visible .hit { stroke: #0000001f; } .sheet a:hover text { text-decoration: underline; }
.column { display: none; }
.links { max-width: 1056px; margin: 0 auto 32px; color: var(--soft); } .links table { border-collapse: collapse; width: 100%; margin-top: 8px; }
.links th { text-align: left; font-weight: 600; } .links td, .links th { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--hair); overflow-wrap: anywhere; vertical-align: top; font-variant-numeric: tabular-nums; }
tr:target { box-shadow: inset 3px 0 var(--ink); } tr:target td:first-child { padding-left: 12px; color: var(--ink); }
summary { cursor: pointer; }
@media (max-width: 760px) {
  body { padding: 16px 0; } header, .legend, .notes, .links { margin-left: 16px; margin-right: 16px; } header { display: block; }
  .pages { display: none; } .column { display: block; background: var(--paper); padding: 24px 16px; margin-bottom: 24px; }
  .legend { gap: 4px 16px; }
}
.block { position: relative; margin-bottom: 32px; padding-left: 24px; }
.item { position: absolute; left: 0; font-size: 12px; color: var(--soft); }
.block p.type { font-size: 15px; line-height: 24px; margin-bottom: 12px; overflow-wrap: break-word; }
.block .heading { font-weight: 700; } .block .who { padding-left: 30%; margin-bottom: 0 !important; } .block .how { padding-left: 20%; margin-bottom: 0 !important; }
.block .say { padding: 0 4% 0 8%; } .block .sung { font-style: italic; } .block .turn { text-align: right; } .block .centre { text-align: center; }
.block ins { font: italic 600 12px/16px var(--sans); text-decoration: none; text-transform: uppercase; } .block s { text-decoration-thickness: 1px; } .block .type a { text-decoration: none; }
.asked { font-weight: 600; border-left: 4px solid var(--act); padding-left: 8px; margin-bottom: 12px; }
.chips { display: flex; flex-wrap: wrap; gap: 8px; }
.chip summary { list-style: none; display: flex; align-items: center; gap: 12px; min-height: 48px; padding-right: 16px; }
.chip summary::-webkit-details-marker { display: none; } .chip summary svg:not(.around) { width: 20px; height: 24px; }
.chip[open] { flex-basis: 100%; border-bottom: 1px solid var(--hair); padding-bottom: 16px; } .chip p { padding-left: 24px; color: var(--soft); overflow-wrap: anywhere; } .chip p a { display: inline-block; padding: 6px 0; }
.chip .machine { border-top: 1px dotted #0006; margin: 8px 0 0 24px; padding: 8px 0 0; }
.box { position: relative; font: 600 13px/16px var(--sans); border: 1px solid var(--pen); padding: 7px 7px 3px; background: repeating-linear-gradient(115deg, var(--pen) 0 5px, transparent 5px 10px) 0 0/100% 4px no-repeat; }
.around { position: absolute; left: -10px; top: -8px; width: calc(100% + 20px); height: calc(100% + 16px); overflow: visible; } .around .ring { vector-effect: non-scaling-stroke; stroke-width: 2; }
span.dot { position: absolute; right: -5px; top: -5px; width: 10px; height: 10px; border-radius: 50%; background: var(--act); border: 1px solid var(--ink); }
blockquote { font: 16px/24px var(--serif); margin: 8px 0 0 24px; } cite { display: block; color: var(--soft); }
@media print {
  @page { size: 11in 11in; margin: 0; }
  body { padding: 0; background: none; } header, .legend, .notes, .links, .column { display: none; } .pages { display: block; }
  .sheet { width: 11in; max-width: none; height: 11in; margin: 0; background: none; break-after: page; }
}
"""
