import { globSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deepestFolder, layers } from '../../scripts/lint/layer-overrides.ts';
import { LintCopy, type LintResult } from './lint-copy.ts';

const imports = 'eslint(no-restricted-imports)';
const cycle = 'import(no-cycle)';
const globals = 'eslint(no-restricted-globals)';
const properties = 'eslint(no-restricted-properties)';

/** What stands at the other end of the imports below. */
const targets: Readonly<Record<string, string>> = {
  'src/shared/right.ts': 'export const right = 1;\nexport type Right = number;\n',
  'src/main/workspace/right.ts':
    "import { right } from '../../shared/right.ts';\nexport const held = right;\nexport type Held = number;\n",
  'src/server/right.ts': 'export const served = 1;\n',
  'src/renderer/right.ts': 'export const shown = 1;\n',
  'tests/support/right.ts': 'export const built = 1;\n',
};

interface Case {
  readonly name: string;
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}

const wrong: readonly Case[] = [
  {
    name: 'a value from the workspace in the renderer',
    file: 'src/renderer/wrong-value.ts',
    code: "import { held } from '../main/workspace/right.ts';\nexport const value = held;\n",
    rule: imports,
  },
  {
    name: 'a value from the workspace deep in the renderer',
    file: 'src/renderer/features/task/list/wrong-value.tsx',
    code: "import { held } from '../../../../main/workspace/right.ts';\nexport const value = held;\n",
    rule: imports,
  },
  {
    name: 'a type alone',
    file: 'src/shared/domain/wrong-type.ts',
    code: "import type { Held } from '../../main/workspace/right.ts';\nexport type Value = Held;\n",
    rule: imports,
  },
  {
    name: 'a type handed on',
    file: 'src/shared/wrong-export.ts',
    code: "export type { Held } from '../main/workspace/right.ts';\n",
    rule: imports,
  },
  {
    name: 'a type named in place',
    file: 'src/shared/wrong-inline.ts',
    code: "export type Value = import('../main/workspace/right.ts').Held;\n",
    rule: 'typescript(consistent-type-imports)',
  },
  {
    name: 'an import at run time',
    file: 'src/renderer/features/wrong-lazy.ts',
    code: "export const load = () => import('../../main/workspace/right.ts');\n",
    rule: imports,
  },
  {
    name: 'a way around over the root',
    file: 'src/renderer/wrong-detour.ts',
    code: "import { held } from '../../src/main/workspace/right.ts';\nexport const value = held;\n",
    rule: imports,
  },
  {
    name: 'a way around over a neighbour',
    file: 'src/renderer/wrong-neighbour.ts',
    code: "import { held } from '../shared/../main/workspace/right.ts';\nexport const value = held;\n",
    rule: imports,
  },
  {
    name: 'the server in the workspace',
    file: 'src/main/workspace/sync/wrong-server.ts',
    code: "import { served } from '../../../server/right.ts';\nexport const value = served;\n",
    rule: imports,
  },
  {
    name: 'a host in the workspace',
    file: 'src/main/workspace/wrong-host.ts',
    code: "import { host } from '../electron/main.ts';\nexport const value = host;\n",
    rule: imports,
  },
  {
    name: 'the workspace in the server',
    file: 'src/server/http/wrong-workspace.ts',
    code: "import { held } from '../../main/workspace/right.ts';\nexport const value = held;\n",
    rule: imports,
  },
  {
    name: 'a tests folder in a source',
    file: 'src/main/workspace/files/wrong-tests.ts',
    code: "import { built } from '../../../../tests/support/right.ts';\nexport const value = built;\n",
    rule: imports,
  },
  {
    name: 'node: in shared',
    file: 'src/shared/wrong-node.ts',
    code: "import { readFileSync } from 'node:fs';\nexport const value = readFileSync;\n",
    rule: imports,
  },
  {
    name: 'a Node module without its prefix in the renderer',
    file: 'src/renderer/ui/wrong-node.ts',
    code: "import type { Stats } from 'fs';\nexport type Value = Stats;\n",
    rule: imports,
  },
  {
    name: 'electron in the workspace',
    file: 'src/main/workspace/wrong-electron.ts',
    code: "import type { App } from 'electron';\nexport type Value = App;\n",
    rule: imports,
  },
  {
    name: 'electron in the renderer',
    file: 'src/renderer/wrong-electron.ts',
    code: "import { shell } from 'electron/renderer';\nexport const value = shell;\n",
    rule: imports,
  },
  {
    name: 'better-sqlite3 beside the database folder',
    file: 'src/main/workspace/sync/wrong-sqlite.ts',
    code: "import Database from 'better-sqlite3';\nexport const value = Database;\n",
    rule: imports,
  },
  {
    name: 'pg beside the database folder',
    file: 'src/server/sync/wrong-pg.ts',
    code: "import { Pool } from 'pg';\nexport const value = Pool;\n",
    rule: imports,
  },
  {
    name: 'better-sqlite3 in a host',
    file: 'src/cli/wrong-sqlite.ts',
    code: "import type Database from 'better-sqlite3';\nexport type Value = Database.Database;\n",
    rule: imports,
  },
  {
    name: 'React in shared',
    file: 'src/shared/wrong-react.ts',
    code: "import type { ReactNode } from 'react';\nexport type Value = ReactNode;\n",
    rule: imports,
  },
  {
    name: 'a tool of the tests in a source',
    file: 'src/server/wrong-tool.ts',
    code: "import fc from 'fast-check';\nexport const value = fc;\n",
    rule: imports,
  },
  {
    name: 'the raw channel outside its file',
    file: 'src/main/electron/wrong-channel.ts',
    code: "import { ipcMain } from 'electron';\nexport const value = ipcMain;\n",
    rule: imports,
  },
  {
    name: 'a cycle of two files',
    file: 'src/shared/cycle-a.ts',
    code: "import { b } from './cycle-b.ts';\nexport const a = (): number => b();\n",
    rule: cycle,
  },
  {
    name: 'a cycle of types alone',
    file: 'src/shared/type-cycle-a.ts',
    code: "import type { B } from './type-cycle-b.ts';\nexport interface A {\n  b: B;\n}\n",
    rule: cycle,
  },
  {
    name: 'a default export',
    file: 'src/shared/wrong-default.ts',
    code: 'export default 1;\n',
    rule: 'import(no-default-export)',
  },
  {
    name: 'the clock in shared',
    file: 'src/shared/domain/wrong-clock.ts',
    code: 'export const now = () => new Date();\n',
    rule: globals,
  },
  {
    name: 'a timer in the workspace',
    file: 'src/main/workspace/sync/wrong-timer.ts',
    code: 'export const later = () => setTimeout(() => {}, 1);\n',
    rule: globals,
  },
  {
    name: 'a timer over the global object in the server',
    file: 'src/server/http/wrong-timer.ts',
    code: 'export const later = () => globalThis.setInterval(() => {}, 1);\n',
    rule: globals,
  },
  {
    name: 'chance in shared',
    file: 'src/shared/wrong-chance.ts',
    code: 'export const chance = () => Math.random();\n',
    rule: properties,
  },
  {
    name: 'chance from node:crypto in the server',
    file: 'src/server/wrong-crypto.ts',
    code: "import { randomBytes } from 'node:crypto';\nexport const value = randomBytes;\n",
    rule: imports,
  },
  {
    name: 'a timer from node:timers in the workspace',
    file: 'src/main/workspace/wrong-timers.ts',
    code: "import { setTimeout as sleep } from 'node:timers/promises';\nexport const value = sleep;\n",
    rule: imports,
  },
  {
    name: 'a promise that nobody waits for',
    file: 'src/main/loopback/wrong-promise.ts',
    code: 'const load = async () => 1;\nexport function start() {\n  load();\n}\n',
    rule: 'typescript(no-floating-promises)',
  },
  {
    name: 'a hook behind a condition',
    file: 'src/renderer/wrong-hook.tsx',
    code: "import { useState } from 'react';\nexport function View({ on }: { on: boolean }) {\n  if (on) useState(1);\n  return null;\n}\n",
    rule: 'react-hooks(rules-of-hooks)',
  },
  {
    name: 'an image that nobody can hear',
    file: 'src/renderer/wrong-image.tsx',
    code: 'export function View() {\n  return <img src="/a.png" />;\n}\n',
    rule: 'jsx-a11y(alt-text)',
  },
];

/** The other halves of the cycles. */
const counterparts: Readonly<Record<string, string>> = {
  'src/shared/cycle-b.ts':
    "import { a } from './cycle-a.ts';\nexport const b = (): number => a();\n",
  'src/shared/type-cycle-b.ts':
    "import type { A } from './type-cycle-a.ts';\nexport interface B {\n  a: A;\n}\n",
};

const allowed: Readonly<Record<string, string>> = {
  'src/shared/domain/zod-user.ts':
    "import { z } from 'zod';\nimport { right } from '../right.ts';\nexport const value = z.literal(right);\n",
  'src/main/workspace/database/open.ts':
    "import { readFileSync } from 'node:fs';\nimport Database from 'better-sqlite3';\nimport { right } from '../../../shared/right.ts';\nexport const value = [Database, right, readFileSync];\n",
  'src/main/workspace/database/migrations/first.ts':
    "import type Database from 'better-sqlite3';\nimport { right } from '../../../../shared/right.ts';\nexport const value = (database: Database.Database) => [database, right];\n",
  'src/main/workspace/ports/system-clock.ts': 'export const now = () => Date.now();\n',
  'src/server/database/pool.ts':
    "import Database from 'better-sqlite3';\nimport { Pool } from 'pg';\nimport { right } from '../../shared/right.ts';\nexport const value = [Database, Pool, right];\n",
  'src/server/ports/system-random.ts':
    "import { randomBytes } from 'node:crypto';\nexport const value = () => randomBytes(8);\n",
  'src/server/http/server/main/route.ts':
    "import { right } from '../../../../shared/right.ts';\nimport { served } from '../../../right.ts';\nexport const value = [right, served];\n",
  'src/renderer/features/workspace/view.tsx':
    "import { right } from '../../../shared/right.ts';\nimport { shown } from '../../right.ts';\nexport const value = [right, shown];\n",
  'src/renderer/features/server/view.tsx':
    "import { value as other } from '../workspace/view.tsx';\nexport const value = other;\n",
  'src/main/electron/window.ts':
    "import { app } from 'electron';\nimport { served } from '../../server/right.ts';\nimport { held } from '../workspace/right.ts';\nexport const value = [app, held, served];\n",
  'src/main/electron/ipc.ts':
    "import { ipcMain } from 'electron';\nimport { held } from '../workspace/right.ts';\nexport const value = [ipcMain, held];\n",
  'src/preload/main.ts':
    "import { ipcRenderer } from 'electron';\nimport { right } from '../shared/right.ts';\nexport const value = [ipcRenderer, right];\n",
  'src/cli/commands/call.ts':
    "import { held } from '../../main/workspace/right.ts';\nimport { served } from '../../server/right.ts';\nexport const value = [held, served];\n",
  'tests/unit/any.ts':
    "import { held } from '../../src/main/workspace/right.ts';\nimport { shown } from '../../src/renderer/right.ts';\nexport const value = [held, shown];\n",
};

function writeAll(copy: LintCopy, files: Readonly<Record<string, string>>): void {
  for (const [file, content] of Object.entries(files)) copy.write(file, content);
}

describe('wrong imports fail the check', () => {
  const copy = new LintCopy();
  let result: LintResult;

  beforeAll(() => {
    writeAll(copy, { ...targets, ...counterparts });
    for (const { file, code } of wrong) copy.write(file, code);
    result = copy.lint();
  });
  afterAll(() => {
    copy.remove();
  });

  test('the linter ends with a failure', () => {
    expect(result.status).not.toBe(0);
  });

  test.each(wrong)('$name', ({ file, rule }) => {
    expect(result.findings.filter((finding) => finding.file === file)).toContainEqual({
      file,
      rule,
    });
  });
});

describe('right imports pass the check', () => {
  test('each layer imports what it may, at any depth, with folders named like other layers', () => {
    const copy = new LintCopy();
    try {
      writeAll(copy, { ...targets, ...allowed });
      expect(copy.lint()).toEqual({ status: 0, findings: [] });
    } finally {
      copy.remove();
    }
  });
});

describe('the rules cover the tree', () => {
  const sources = globSync('src/**/*.{ts,tsx}', {
    cwd: path.resolve(import.meta.dirname, '../..'),
  }).map((file) => file.replaceAll('\\', '/'));

  test('every source belongs to a layer', () => {
    const outside = sources.filter(
      (file) => !layers.some(({ folder }) => file.startsWith(`${folder}/`)),
    );
    expect(outside).toEqual([]);
  });

  test('no source lies deeper than the rules reach', () => {
    const tooDeep = sources.filter((file) => {
      const layer = layers.find(({ folder }) => file.startsWith(`${folder}/`));
      const below = file.slice((layer?.folder.length ?? 0) + 1).split('/').length - 1;
      return below >= deepestFolder;
    });
    expect(tooDeep).toEqual([]);
  });
});
