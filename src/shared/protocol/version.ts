/** The wire protocol that this program speaks; carried in the header `stint-protocol` of every exchange. */
export const protocolVersion = 1;
export const protocolHeader = 'stint-protocol';

/** SY-6: what one push may hold at most. */
export const maximumPushMutations = 500;
export const maximumPushBytes = 1024 * 1024;

/** How many rows a page of a pull holds, give or take those of one sequence number. */
export const pullPageRows = 2000;
