import type { EngagementDocument } from '../../../../shared/bundle/engagement-document.ts';
import { escapeHtml } from './escape-html.ts';
import { reportStyle, reportStyleHash } from './report-style.ts';

export interface IndexedEngagement {
  /** Below data/, without a slash at the end. */
  readonly folder: string;
  readonly document: EngagementDocument;
}

/** The first page of a bundle of several engagements, with a link to the report of each. */
export function computeIndexHtml(title: string, engagements: readonly IndexedEngagement[]): string {
  const rows = engagements.map(({ folder, document }) => {
    const address = `../${folder.split('/').map(encodeURIComponent).join('/')}/report/index.html`;
    const accepted = document.tasks.filter(({ state }) => state === 'accepted').length;
    return `<tr><td><a href="${escapeHtml(address)}">${escapeHtml(document.engagement.intern.name)}</a></td><td>${escapeHtml(document.project.title)}</td><td>${document.engagement.status}</td><td class="number">${accepted} of ${document.tasks.length}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${reportStyleHash}'; form-action 'none'; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="soft">${escapeHtml(engagements[0]?.document.organization.name ?? '')}. ${engagements.length} engagements.</p>
</header>
<main>
<table><thead><tr><th>Intern</th><th>Project</th><th>State</th><th class="number">Tasks accepted</th></tr></thead><tbody>${rows.join('')}</tbody></table>
</main>
</body>
</html>
`;
}
