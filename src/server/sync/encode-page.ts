import { pageLinesStart } from '../../shared/protocol/page-lines.ts';
import type { PullResponse } from '../../shared/protocol/pull.ts';

/** A page as JSON in UTF-8, each row on a line of its own (`pageLinesStart` says why). */
export function encodePage({ rows, ...rest }: PullResponse): Buffer {
  const pieces = [Buffer.from(pageLinesStart)];
  for (const [index, row] of rows.entries())
    pieces.push(Buffer.from(`${JSON.stringify(row)}${index === rows.length - 1 ? '' : ','}\n`));
  pieces.push(Buffer.from(`],${JSON.stringify(rest).slice(1)}`));
  return Buffer.concat(pieces);
}
