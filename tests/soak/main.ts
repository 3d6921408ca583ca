// npm run soak -- --minutes M --seed S [--storage sqlite|postgres] [--workspaces N]
import { parseArgs } from 'node:util';
import { findPostgresObstacle } from '../support/postgres/start-postgres.ts';
import { runSoak, type SoakOptions } from './run-soak.ts';

const usage =
  'Usage: npm run soak -- --minutes M --seed S [--storage sqlite|postgres] [--workspaces N]';

type Asked = Omit<SoakOptions, 'say'>;

function parseArguments(args: string[]): Asked {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string' },
      storage: { type: 'string', default: 'sqlite' },
      workspaces: { type: 'string', default: '4' },
    },
  });
  const { storage } = values;
  if (storage !== 'sqlite' && storage !== 'postgres')
    throw new Error(`--storage: expected sqlite or postgres, found "${storage}"`);
  return {
    durationMs: parseNumber('--minutes', values.minutes, 0.05, 10_080) * 60_000,
    seed: parseNumber('--seed', values.seed ?? String(Date.now() % 1_000_000), 0, 2 ** 32 - 1),
    storage,
    workspaceCount: parseNumber('--workspaces', values.workspaces, 2, 50),
  };
}

function parseNumber(name: string, text: string, lowest: number, highest: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= lowest && value <= highest) return value;
  throw new Error(`${name}: expected a number from ${lowest} to ${highest}, found "${text}"`);
}

async function run(asked: Asked): Promise<boolean> {
  const obstacle = asked.storage === 'postgres' ? findPostgresObstacle() : undefined;
  if (obstacle !== undefined) throw new Error(`PostgreSQL cannot run here: ${obstacle}`);
  console.log(`Seed ${asked.seed}.`);
  const outcome = await runSoak({ ...asked, say: console.log });
  for (const [what, count] of [...outcome.faults].sort(([left], [right]) =>
    left.localeCompare(right),
  ))
    console.log(`  ${String(count).padStart(5)}  ${what}`);
  console.log(`${outcome.intents} things were meant, ${outcome.applied} changes were applied.`);
  for (const violation of outcome.violations) console.error(`VIOLATION  ${violation}`);
  console.log(
    `To repeat: npm run soak -- --minutes ${asked.durationMs / 60_000} --seed ${asked.seed} --storage ${asked.storage} --workspaces ${asked.workspaceCount}`,
  );
  console.log(
    outcome.violations.length === 0
      ? 'Everything is as it was meant.'
      : `${outcome.violations.length} violations.`,
  );
  return outcome.violations.length === 0;
}

let asked: Asked | undefined;
try {
  asked = parseArguments(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exitCode = 2;
}
if (asked !== undefined && !(await run(asked))) process.exitCode = 1;
