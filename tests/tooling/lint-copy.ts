import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const repositoryRoot = path.resolve(import.meta.dirname, '../..');

export interface LintFinding {
  readonly file: string;
  readonly rule: string;
}

export interface LintResult {
  readonly status: number | null;
  readonly findings: readonly LintFinding[];
}

/** A tree with the project's own lint configuration and none of its sources. */
export class LintCopy {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'stint-lint-'));

  constructor() {
    for (const name of ['oxlint.config.ts', 'package.json', 'scripts/lint', 'tsconfig.base.json']) {
      cpSync(path.join(repositoryRoot, name), path.join(this.folder, name), { recursive: true });
    }
    symlinkSync(
      path.join(repositoryRoot, 'node_modules'),
      path.join(this.folder, 'node_modules'),
      'junction',
    );
    this.write(
      'tsconfig.json',
      JSON.stringify({
        extends: './tsconfig.base.json',
        compilerOptions: {
          module: 'ESNext',
          moduleResolution: 'Bundler',
          jsx: 'react-jsx',
          lib: ['ES2024', 'DOM'],
          types: ['node'],
        },
        include: ['src', 'tests'],
      }),
    );
  }

  write(file: string, content: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  lint(): LintResult {
    const run = spawnSync(
      process.execPath,
      [path.join(repositoryRoot, 'node_modules/oxlint/bin/oxlint'), '--format=json'],
      { cwd: this.folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    const report = JSON.parse(run.stdout) as {
      readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
    };
    return {
      status: run.status,
      findings: report.diagnostics.map(({ code, filename }) => ({
        file: filename.replaceAll('\\', '/'),
        rule: code,
      })),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
