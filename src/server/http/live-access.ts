import type { FastifyReply, FastifyRequest } from 'fastify';
import { listLiveSessions } from '../accounts/sessions.ts';
import type { ServerContext } from '../server-context.ts';
import { computeSessionTime, getPrincipal } from './authentication.ts';
import { whenOver } from './when-over.ts';

/** An end of access that nobody announces (a session that expires, a scope that is lost) is found this soon. */
const recheckMs = 10_000;

/**
 * Cuts an upload or a download off when the person's right to it ends while it is under way: at once where the
 * session or the access to an organization is ended, and else at the next look. Who still has the right, since
 * it was another organization's access that ended, comes back and goes on where it was.
 *
 * @param isStillAllowed looks whether this transfer would be let in now; throwing says that it would not.
 */
export function guardTransfer(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  isStillAllowed: () => Promise<boolean>,
): void {
  const { sessionId, accountId } = getPrincipal(request);
  const { database, pokes, ports } = context;
  const { raw } = reply;
  const cut = (): void => {
    raw.destroy();
  };

  async function isAllowed(): Promise<boolean> {
    const live = await listLiveSessions(database.db, [sessionId], computeSessionTime(context));
    return live.length > 0 && (await isStillAllowed());
  }

  let isOver = false;
  let cancelCheck = (): void => undefined;
  const schedule = (): void => {
    cancelCheck = ports.timers.after(recheckMs, () => {
      void isAllowed()
        .catch(() => false)
        .then((isRight) => {
          if (isOver) return;
          if (isRight) schedule();
          else cut();
        });
    });
  };
  schedule();
  const stop = pokes.hold({ sessionId, accountId, close: cut });
  whenOver(reply, () => {
    isOver = true;
    cancelCheck();
    stop();
  });
}
