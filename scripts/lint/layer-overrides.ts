import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import type { OxlintOverride } from 'oxlint';
import { portMessage } from './port-overrides.ts';

interface Layer {
  /** Path from the repository's root. */
  readonly folder: string;
  /** Folders of other layers that it may import from. */
  readonly layers: readonly string[];
  /** Packages that it may import, of those that package.json names. */
  readonly packages: readonly string[];
  readonly node: boolean;
}

const shared = 'src/shared';
const workspace = 'src/main/workspace';
const server = 'src/server';
const hosting = 'src/main/hosting';
const sample = 'src/main/sample';

const sharedPackages = ['ical-generator', 'kysely', 'temporal-polyfill', 'zod'];

/** Which way imports point. Whatever is not named here is refused. */
export const layers: readonly Layer[] = [
  { folder: shared, layers: [], packages: sharedPackages, node: false },
  {
    folder: workspace,
    layers: [shared],
    packages: [
      ...sharedPackages,
      'eventsource-parser',
      'file-type',
      'papaparse',
      'pdfkit',
      'tus-js-client',
      'yauzl',
    ],
    node: true,
  },
  {
    folder: server,
    layers: [shared],
    packages: [
      ...sharedPackages,
      '@aws-sdk/client-s3',
      '@tus/file-store',
      '@tus/server',
      'fastify',
      'fastify-type-provider-zod',
      'file-type',
      'pino',
    ],
    node: true,
  },
  { folder: hosting, layers: [shared, workspace], packages: [], node: true },
  {
    folder: sample,
    layers: [shared, workspace, server],
    packages: ['temporal-polyfill', 'zod'],
    node: true,
  },
  {
    folder: 'src/main/electron',
    layers: [shared, workspace, server, hosting, sample],
    packages: ['electron', 'electron-log', 'electron-updater', 'temporal-polyfill', 'zod'],
    node: true,
  },
  {
    folder: 'src/main/loopback',
    layers: [shared, workspace, server, hosting, sample],
    packages: ['open', 'temporal-polyfill', 'zod'],
    node: true,
  },
  {
    folder: 'src/cli',
    layers: [shared, workspace, server, hosting, sample],
    packages: ['temporal-polyfill', 'yauzl', 'zod'],
    node: true,
  },
  { folder: 'src/preload', layers: [shared], packages: ['electron'], node: false },
  {
    folder: 'src/renderer',
    layers: [shared],
    packages: [
      '@codemirror/commands',
      '@codemirror/lang-markdown',
      '@codemirror/language',
      '@codemirror/state',
      '@codemirror/view',
      '@fontsource-variable/inter',
      '@internationalized/date',
      '@tanstack/react-query',
      'lucide-react',
      'react',
      // Draws PDFs: a browser's own viewer runs their scripts.
      'pdfjs-dist',
      'react-aria-components',
      'react-dom',
      'react-markdown',
      'rehype-sanitize',
      'remark-gfm',
      'temporal-polyfill',
      'wouter',
      'zod',
    ],
    node: false,
  },
];

/** The only folders that may open a database. */
const databaseFolders = [
  { folder: `${workspace}/database`, packages: ['better-sqlite3'] },
  { folder: `${server}/database`, packages: ['better-sqlite3', 'pg'] },
];

/** Folders at the root that no source may import from. */
const outsideSources = ['tests', 'scripts', 'out', 'dist', 'node_modules', 'docs'];

/** How deep below its layer's folder a file may lie; a test compares it with the tree. */
export const deepestFolder = 7;

const electronBridges = [
  { name: 'ipcMain', file: 'src/main/electron/ipc.ts' },
  { name: 'ipcRenderer', file: 'src/preload/main.ts' },
];

interface RefusedNames {
  readonly name: string;
  readonly importNames?: string[];
  readonly message: string;
}

const electronNames: readonly RefusedNames[] = [
  {
    name: 'electron',
    importNames: electronBridges.map(({ name }) => name),
    message: `Only ${electronBridges.map(({ file }) => file).join(' and ')} may touch the raw channel.`,
  },
];

const portNames: readonly RefusedNames[] = [
  ...['node:timers', 'node:timers/promises', 'node:perf_hooks'].map((name) => ({
    name,
    message: portMessage,
  })),
  {
    name: 'node:crypto',
    importNames: [
      'getRandomValues',
      'randomBytes',
      'randomFill',
      'randomFillSync',
      'randomInt',
      'randomUUID',
      'randomUUIDv7',
    ],
    message: portMessage,
  },
];

/** Folders whose clocks, timers and randomness come in as ports, except in those that hold the ports. */
const portedFolders = [workspace, server];
const portFolders = portedFolders.map((folder) => `${folder}/ports`);

const manifest = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'),
) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
const knownPackages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });

export const layerOverrides: OxlintOverride[] = [
  ...layers.flatMap((layer) => computeOverrides(layer, layer.folder, layer.packages)),
  ...databaseFolders.flatMap(({ folder, packages }) => {
    const layer = getLayer(folder);
    return computeOverrides(layer, folder, [...layer.packages, ...packages]);
  }),
  ...portFolders.flatMap((folder) => {
    const layer = getLayer(folder);
    return computeOverrides(layer, folder, layer.packages);
  }),
  ...electronBridges.map(({ file }) => {
    const layer = getLayer(file);
    return computeOverride(layer, file, file.split('/').length - 1, layer.packages, []);
  }),
];

function getLayer(folderOrFile: string): Layer {
  const layer = layers.find(({ folder }) => folderOrFile.startsWith(`${folder}/`));
  if (layer === undefined) throw new Error(`${folderOrFile} belongs to no layer.`);
  return layer;
}

function computeOverrides(
  layer: Layer,
  folder: string,
  packages: readonly string[],
): OxlintOverride[] {
  const depth = folder.split('/').length;
  const refusedNames = [
    ...(packages.includes('electron') ? electronNames : []),
    ...(portedFolders.includes(layer.folder) && !portFolders.includes(folder) ? portNames : []),
  ];
  return Array.from({ length: deepestFolder }, (_, below) =>
    computeOverride(
      layer,
      `${folder}/${'*/'.repeat(below)}*.{ts,tsx}`,
      depth + below,
      packages,
      refusedNames,
    ),
  );
}

/**
 * A specifier is relative to its file, so the rule for a file depends on how many folders it lies
 * below the root: that many `../` reach the root, one less reach `src`.
 */
function computeOverride(
  layer: Layer,
  files: string,
  depth: number,
  packages: readonly string[],
  refusedNames: readonly RefusedNames[],
): OxlintOverride {
  const message = `${layer.folder} may import from ${['itself', ...layer.layers].join(', ')} only (docs/architecture.md).`;
  const refusedLayers = layers
    .map(({ folder }) => folder)
    .filter((folder) => folder !== layer.folder && !layer.layers.includes(folder));
  const refusedFolders = [...refusedLayers, ...outsideSources];
  const refusedPackages = knownPackages.filter((name) => !packages.includes(name));
  const builtins = layer.node ? [] : [`^node:`, `^(?:${builtinModules.join('|')})$`];
  return {
    files: [files],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [...refusedNames],
          patterns: [
            ...refusedFolders.map((folder) => ({
              regex: computeFolderPattern(layer.folder, folder, depth),
              message,
            })),
            {
              // `./../x` and `a/../../x` would slip past the patterns above.
              regex: String.raw`^\.\/\.\.|[^./]\/\.\.(?:/|$)`,
              message: 'Write the shortest relative path.',
            },
            ...builtins.map((regex) => ({
              regex,
              message: `${layer.folder} knows nothing of Node.`,
            })),
            ...refusedPackages.map((name) => ({
              regex: `^${escapePattern(name)}(?:/|$)`,
              message: `${layer.folder} does not use ${name} (scripts/lint/layer-overrides.ts).`,
            })),
          ],
        },
      ],
    },
  };
}

/** Matches what a file of `own`, lying `depth` folders below the root, writes to reach `target`. */
function computeFolderPattern(own: string, target: string, depth: number): string {
  const ownParts = own.split('/');
  const targetParts = target.split('/');
  let common = 0;
  while (common < targetParts.length && ownParts[common] === targetParts[common]) common += 1;
  // Any deeper common part may be left and entered again, as in ../../../src/server.
  const ways = Array.from({ length: common + 1 }, (_, kept) => {
    const ups = String.raw`(?:\.\./)`.concat(`{${depth - kept}}`);
    return `${ups}${targetParts.slice(kept).map(escapePattern).join('/')}`;
  });
  return `^(?:${ways.join('|')})(?:/|$)`;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
