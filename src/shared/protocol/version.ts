/** The wire protocol that this program speaks; carried in the header `stint-protocol` of every exchange. */
export const protocolVersion = 3;
export const protocolHeader = 'stint-protocol';

/**
 * SY-20: who speaks an older version than these may not do it any more. Pushing is never ended, so that an
 * old workspace always gets its work across; below `oldestPullVersion` it stops pulling and asks for an update.
 */
export const oldestProtocolVersion = 1;
export const oldestPullVersion = 3;

/** SY-6: what one push may hold at most. */
export const maximumPushMutations = 500;
export const maximumPushBytes = 1024 * 1024;

/** How many rows a page of a pull holds, give or take those of one sequence number. */
export const pullPageRows = 1500;

/** SY-15: how many earlier heads a pull may name, newest first. */
export const maximumKnownHeads = 64;
