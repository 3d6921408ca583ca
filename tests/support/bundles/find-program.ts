import { spawnSync } from 'node:child_process';

/** Whether a program of the system can be run; says why a test is skipped where it cannot. */
export function hasProgram(name: string, versionArgument: string): boolean {
  const isThere = spawnSync(name, [versionArgument], { stdio: 'ignore' }).error === undefined;
  if (!isThere) console.warn(`skipped: ${name} is not installed on this machine`);
  return isThere;
}
