import type { ProcessLink } from '../processes/process-link.ts';
import type { PokeHub } from './poke-hub.ts';

/** SY-13 among several processes: what one of them tells its listeners, the others tell theirs. */
export function sharePokes(hub: PokeHub, link: ProcessLink): PokeHub {
  link.hear('poke', (orgId) => hub.notify(orgId));
  link.hear('session_ended', (sessionId) => hub.closeSession(sessionId));
  link.hear('access_ended', (accountId) => hub.closeAccount(accountId));
  link.onRestored(() => {
    hub.closeEndedSessions();
    hub.notifyEveryone();
  });
  return {
    ...hub,
    notify(orgId) {
      hub.notify(orgId);
      link.announce('poke', orgId);
    },
    closeSession(sessionId) {
      hub.closeSession(sessionId);
      link.announce('session_ended', sessionId);
    },
    closeAccount(accountId) {
      hub.closeAccount(accountId);
      link.announce('access_ended', accountId);
    },
  };
}
