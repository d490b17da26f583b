"""The paper of every page that is handed out: its colours, its three faces, its sheet on the desk."""

__all__ = ["PAPER"]

PAPER = """\
:root { color-scheme: light; --desk: #e6e6e6; --paper: #fcfcfc; --ink: #161616; --soft: #484848; --quiet: #5e5e5e; --hair: #0000001f; --dots: #00000073;
  --act: #e0ac00; --stop: #a8231a;
  --sans: "Source Sans 3", "Source Sans Pro", "Open Sans", "Segoe UI", Candara, "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif;
  --serif: "Source Serif 4", "Source Serif Pro", Charter, "Iowan Old Style", "Palatino Linotype", Georgia, "Times New Roman", "Liberation Serif", serif;
  --type: "Courier Prime", "Courier New", Courier, "Liberation Mono", monospace; }
* { box-sizing: border-box; margin: 0; padding: 0; }
html { -webkit-text-size-adjust: 100%; }
body { background: var(--desk); color: var(--ink); font: 16px/24px var(--sans); font-variant-numeric: tabular-nums lining-nums; padding: 40px 24px 80px; overflow-wrap: anywhere; }
main { max-width: 1120px; margin: 0 auto; background: var(--paper); padding: 64px 80px 80px; }
h1 { font: 40px/48px var(--serif); letter-spacing: -.01em; }
h2 { font: 600 20px/28px var(--sans); }
"""
