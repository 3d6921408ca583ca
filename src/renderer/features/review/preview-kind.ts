export type PreviewKind =
  | 'image'
  | 'drawing'
  | 'pdf'
  | 'page'
  | 'markdown'
  | 'table'
  | 'text'
  | 'audio'
  | 'video'
  | 'none';

const byEnding: Readonly<Record<string, PreviewKind>> = {
  md: 'markdown',
  markdown: 'markdown',
  csv: 'table',
  tsv: 'table',
  txt: 'text',
  log: 'text',
  json: 'text',
  yaml: 'text',
  yml: 'text',
  xml: 'text',
  css: 'text',
  js: 'text',
  ts: 'text',
  py: 'text',
  sql: 'text',
  srt: 'text',
};

const images = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** How a file can be looked at here. The media type is a hint from the sender's side, never trusted with more. */
export function computePreviewKind(mediaType: string, name: string): PreviewKind {
  if (images.has(mediaType)) return 'image';
  if (mediaType === 'image/svg+xml') return 'drawing';
  if (mediaType === 'application/pdf') return 'pdf';
  if (mediaType === 'text/html') return 'page';
  if (mediaType.startsWith('audio/')) return 'audio';
  if (mediaType.startsWith('video/')) return 'video';
  if (mediaType === 'text/markdown') return 'markdown';
  if (mediaType === 'text/csv' || mediaType === 'text/tab-separated-values') return 'table';
  const known = byEnding[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
  if (known !== undefined) return known;
  return mediaType.startsWith('text/') || mediaType === 'application/json' ? 'text' : 'none';
}
