/** Works on so many items at once, in their order; the first failure ends what has not begun, once the rest has ended. */
export async function runInLanes<Item>(
  items: readonly Item[],
  simultaneous: number,
  action: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()];
  let hasFailed = false;
  const runLane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (hasFailed) return;
      const [index, item] = next;
      try {
        await action(item, index);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: simultaneous }, runLane));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
