// Every npm script begins here: `node scripts/launch.mjs TASK [ARGS]` runs scripts/tasks/TASK.ts and
// `node scripts/launch.mjs run FILE [ARGS]` runs any file, both under the Node that the project needs.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './find-node.mjs';
import { runNode } from './run-node.mjs';

const tasksFolder = path.join(repositoryRoot, 'scripts', 'tasks');
const [task, ...args] = process.argv.slice(2);

if (task === 'run' && args[0] !== undefined) {
  const [file, ...rest] = args;
  runNode(path.resolve(repositoryRoot, file), rest);
} else if (task !== undefined && existsSync(path.join(tasksFolder, `${task}.ts`))) {
  runNode(path.join(tasksFolder, `${task}.ts`), args);
} else {
  const tasks = readdirSync(tasksFolder).map((name) => name.replace(/\.ts$/, ''));
  console.error(
    `Usage: node scripts/launch.mjs TASK [ARGS], where TASK is one of: ${tasks.join(', ')}`,
  );
  console.error('       node scripts/launch.mjs run FILE [ARGS]');
  process.exit(1);
}
