/** As many as one change of the order names. */
export const mostOrdered = 1000;

/**
 * What has to be said of a new order: the tasks from the first up to the last that is elsewhere now. Those behind stay
 * behind in the order they have. Empty where nothing was moved.
 */
export function computeOrderToSend(
  before: readonly string[],
  after: readonly string[],
): readonly string[] {
  return after.slice(0, after.findLastIndex((id, index) => id !== before[index]) + 1);
}
