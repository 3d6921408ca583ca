import type { IncomingMessage } from 'node:http';
import { StintError } from '../../shared/errors.ts';

/** The longest input is a task's instructions; files go another way. */
export const maxBodyBytes = 4 * 1024 * 1024;

/** @throws StintError `invalid_input`, `too_large` */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? 'nothing';
  if (!/^application\/json(?:\s*;|$)/i.test(type))
    throw new StintError('invalid_input', `expected application/json, found ${type}`);
  const tooLarge = () =>
    new StintError('too_large', `expected a request of at most ${maxBodyBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new StintError('invalid_input', 'expected a body in JSON, found something else');
  }
}
