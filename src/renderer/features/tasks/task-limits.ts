/** Enough to look at; the rest is fetched when somebody goes there. */
export const firstTasks = 200;
/** All of them. */
export const allTasks = 100_000;
