import { createHash } from 'node:crypto';

/** The report's style sheet, inside the page: the file opens by itself, in light and dark, and prints. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d8dde5; --paper: #fff;
  --tint: #f3f5f8; --accent: #1f5fbf; --warn: #8a4b00; --warn-tint: #fff4e2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a3adba; --line: #38414d;
  --paper: #14181d; --tint: #1d232b; --accent: #8ab4f8; --warn: #ffcf8a; --warn-tint: #2e2414; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 56rem; background: var(--paper);
  color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.6em 0 .5em; }
h1 { font-size: 1.9rem; margin-top: 0; } h2 { font-size: 1.4rem; border-top: 1px solid var(--line);
  padding-top: 1.2em; } h3 { font-size: 1.15rem; } h4, h5, h6 { font-size: 1rem; }
p, ul, ol, table, blockquote, pre, dl { margin: 0 0 1em; }
a { color: var(--accent); } .soft { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; }
dt { color: var(--soft); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } th { color: var(--soft); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
blockquote { border-left: 3px solid var(--line); padding-left: 1rem; color: var(--soft); }
pre, code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .88em; }
pre { background: var(--tint); padding: .8rem 1rem; overflow-x: auto; white-space: pre-wrap; }
code { overflow-wrap: anywhere; }
.card { background: var(--tint); border-radius: 8px; padding: 1rem 1.2rem; margin: 0 0 1rem; }
.card > :last-child { margin-bottom: 0; } .card h4:first-child { margin-top: 0; }
.warning { background: var(--warn-tint); color: var(--warn); border-radius: 8px; padding: 1rem 1.2rem; }
.state { display: inline-block; border: 1px solid currentColor; border-radius: 99px;
  padding: 0 .6em; font-size: .8rem; font-weight: 500; vertical-align: middle; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff;
  --tint: #f6f6f6; --accent: #000; --warn: #000; --warn-tint: #f6f6f6; }
  body { max-width: none; padding: 0; font-size: 10.5pt; } h2 { break-after: avoid; }
  h3, h4 { break-after: avoid; } .card, tr, blockquote { break-inside: avoid; } a { text-decoration: none; }
  @page { margin: 18mm; } }
`;

/** What the page's own policy lets in: this style sheet, and nothing else. */
export const reportStyleHash = `sha256-${createHash('sha256').update(reportStyle, 'utf8').digest('base64')}`;
