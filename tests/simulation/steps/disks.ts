import type Database from 'better-sqlite3';
import type { Simulation } from '../simulation.ts';

const unlimitedPages = 2 ** 30;

/** No database of this machine may grow by more than so many pages, for a while. */
export function fillDisk(
  simulation: Simulation,
  name: string,
  connections: readonly Database.Database[],
  durationMs: number,
  pagesLeft: number,
): void {
  simulation.world.trace(`${name}: the disk is full for ${durationMs} ms`);
  for (const connection of connections) {
    const pages = connection.pragma('page_count', { simple: true }) as number;
    connection.pragma(`max_page_count = ${pages + pagesLeft}`);
    simulation.world.plan(durationMs, `room ${name}`, async () => {
      if (connection.open) connection.pragma(`max_page_count = ${unlimitedPages}`);
    });
  }
}

/** At the end there is room everywhere. */
export function freeDisks(simulation: Simulation): void {
  for (const connection of simulation.world.hook.listConnections(simulation.world.folder))
    connection.pragma(`max_page_count = ${unlimitedPages}`);
}
