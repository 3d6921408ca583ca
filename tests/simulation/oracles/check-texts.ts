import type { Simulation } from '../simulation.ts';
import { wasApplied } from './was-applied.ts';

/** What somebody asked, answered, proposed or handed in stands once where it belongs, when it was applied; never twice. */
export function checkTexts(simulation: Simulation): string[] {
  const { connection } = simulation.world.server;
  return simulation.ledger.texts.flatMap(({ intent, table, column, text }) => {
    // What was opened of an evaluation stands beside what was sealed.
    const only = table === 'evaluations' ? 'and openedAt is null' : '';
    const place = table === 'evaluations' ? `instr(${column}, ?) > 0` : `${column} = ?`;
    const count = connection
      .prepare(`select count(*) from ${table} where ${place} ${only}`)
      .pluck()
      .get(text) as number;
    const isExpected = wasApplied(simulation, intent);
    return count > 1 || (isExpected && count !== 1)
      ? [`texts: "${text}" stands ${count} times among the ${table} of the server`]
      : [];
  });
}
