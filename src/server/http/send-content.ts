import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { eachPiece } from '../../shared/each-piece.ts';
import { letGo } from '../../shared/let-go.ts';
import { whenOver } from './when-over.ts';

/**
 * Sends a content of any size with the reply's status and headers, each piece when the system has taken the one before,
 * whose memory is given back then: a pipe does not say when it is done with a piece, and large contents would lie in
 * memory by the tens of megabytes until they are collected. Settles when all is sent, or the transfer has broken off.
 * @throws what the content's first piece fails with: nothing was answered then.
 */
export async function sendContent(reply: FastifyReply, content: Readable): Promise<void> {
  const { raw } = reply;
  // A line that breaks while the next piece is read.
  whenOver(reply, () => content.destroy());
  const pieces = eachPiece(content);
  let first: IteratorResult<Uint8Array, void>;
  try {
    first = await pieces.next();
  } catch (error) {
    if (!raw.destroyed) throw error;
    reply.hijack();
    return;
  }
  reply.hijack();
  try {
    raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
    for (let next = first; next.done !== true; next = await pieces.next()) {
      await write(raw, next.value);
      letGo(next.value);
    }
    raw.end();
  } catch {
    // Too late for an answer: what breaks off is asked for again, from where it stood.
    raw.destroy();
  }
}

async function write(raw: ServerResponse, piece: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onClose = (): void => reject(new Error('the connection was closed'));
    if (raw.destroyed) {
      onClose();
      return;
    }
    raw.once('close', onClose);
    raw.write(piece, (error) => {
      raw.off('close', onClose);
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}
