import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { nodeFlags } from './node-flags.mjs';
import {
  explainMissingNode,
  explainMissingPackages,
  findNode,
  listMissingPackages,
  repositoryRoot,
} from './find-node.mjs';

/**
 * Replaces this process, as far as Node can, by the right Node running `file`: same streams, same
 * signals, same exit status. The folder of that Node and node_modules/.bin come first on PATH.
 * @param {string} file
 * @param {readonly string[]} args
 */
export function runNode(file, args) {
  const node = findNode();
  if (node === undefined) {
    console.error(explainMissingNode());
    process.exit(1);
  }
  const missing = listMissingPackages();
  if (missing.length > 0) {
    console.error(explainMissingPackages(missing));
    process.exit(1);
  }
  const child = spawn(node, [...nodeFlags, file, ...args], {
    stdio: 'inherit',
    env: withPath(node),
  });
  /** @type {readonly NodeJS.Signals[]} */
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of forwarded) {
    process.on(signal, () => {
      // A terminal has sent Ctrl+C to the child as well, and a second one could cut its end short.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`Could not start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? (signal === null ? 1 : 128 + (constants.signals[signal] ?? 0)));
  });
}

/** @param {string} node */
function withPath(node) {
  const env = { ...process.env };
  // On Windows the variable may be spelled "Path".
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const first = [path.dirname(node), path.join(repositoryRoot, 'node_modules', '.bin')];
  const rest = (env[key] ?? '').split(path.delimiter).filter((entry) => !first.includes(entry));
  env[key] = [...first, ...rest].join(path.delimiter);
  // Sources run as they are: what their types were stripped to is kept, which halves the start of a command and
  // takes 30 MB off each process. A folder that cannot be written is passed over by Node.
  env['NODE_COMPILE_CACHE'] ??= path.join(
    repositoryRoot,
    'node_modules',
    '.cache',
    'stint-compiled',
  );
  return env;
}
