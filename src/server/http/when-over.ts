import type { FastifyReply } from 'fastify';

/**
 * Runs `action` once, when the answer is out or the line is broken; at once where that has happened already, as it may have
 * while something was waited for: nobody tells it again. An answer that waits behind another's does not hear that the line
 * broke, so both are listened to.
 */
export function whenOver({ raw: response, request }: FastifyReply, action: () => void): void {
  const { socket } = request.raw;
  if (socket.destroyed || response.destroyed || response.writableFinished) {
    action();
    return;
  }
  const end = (): void => {
    socket.off('close', end);
    response.off('close', end).off('finish', end);
    action();
  };
  socket.once('close', end);
  response.once('close', end).once('finish', end);
}
