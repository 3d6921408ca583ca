import { pageLinesStart } from '../../../shared/protocol/page-lines.ts';
import type { Turns } from './turns.ts';

const lineFeed = 0x0a;
const closingBracket = 0x5d;
const comma = 0x2c;
const start = Buffer.from(pageLinesStart);

/**
 * JSON in UTF-8, parsed; a page of rows line by line, with turns for others in between, since a page may have megabytes.
 * @throws SyntaxError for what is not JSON.
 */
export async function parseAnswer(bytes: ArrayBuffer, turns: Turns): Promise<unknown> {
  const buffer = Buffer.from(bytes);
  if (!buffer.subarray(0, start.length).equals(start)) return JSON.parse(buffer.toString('utf8'));
  const rows: unknown[] = [];
  let from = start.length;
  while (buffer[from] !== closingBracket) {
    const end = buffer.indexOf(lineFeed, from);
    if (end === -1) throw new SyntaxError('expected a line for each row and one for the end');
    rows.push(JSON.parse(buffer.toString('utf8', from, buffer[end - 1] === comma ? end - 1 : end)));
    from = end + 1;
    await turns.pass();
  }
  const rest = JSON.parse(`{"rows":[${buffer.toString('utf8', from)}`) as Record<string, unknown>;
  return { ...rest, rows };
}
