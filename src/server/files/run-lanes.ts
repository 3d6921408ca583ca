/**
 * Runs `action` for each item, so many at a time. After the first failure nothing more is begun; it is thrown once what was
 * under way has ended, so that whoever hears of it may let go of what the actions needed.
 */
export async function runLanes<Item>(
  items: readonly Item[],
  laneCount: number,
  action: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const runLane = async (): Promise<void> => {
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await action(next);
    } catch (error) {
      waiting.length = 0;
      throw error;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: laneCount }, runLane));
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
}
