import type { OxlintOverride } from 'oxlint';

export const portMessage =
  'Clocks, timers and randomness come in as ports (src/shared/ports.ts), so that a test can hold them.';

const restrictedGlobals = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
];

export const portOverrides: OxlintOverride[] = [
  {
    files: ['src/shared/**', 'src/main/workspace/**', 'src/server/**'],
    excludeFiles: ['src/shared/ports.ts', 'src/main/workspace/ports/**', 'src/server/ports/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        {
          globals: restrictedGlobals.map((name) => ({ name, message: portMessage })),
          checkGlobalObject: true,
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: portMessage },
        { object: 'Temporal', property: 'Now', message: portMessage },
        { object: 'crypto', property: 'randomUUID', message: portMessage },
        { object: 'crypto', property: 'getRandomValues', message: portMessage },
      ],
    },
  },
];
