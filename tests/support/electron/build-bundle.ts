import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { resolveConfig } from 'electron-vite';
import { build } from 'vite';

const repositoryRoot = path.resolve(import.meta.dirname, '../../..');

export interface BuiltBundle {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Builds one of the desktop's bundles as `npm run build` does, into a folder of its own inside the
 * repository, from where it finds package.json and node_modules as the shipped one does.
 */
export async function buildBundle(target: 'main' | 'preload'): Promise<BuiltBundle> {
  const { config } = await resolveConfig({ root: repositoryRoot }, 'build', 'production');
  const targetConfig = config?.[target];
  if (targetConfig === undefined) throw new Error(`electron.vite.config.ts names no ${target}`);
  await mkdir(path.join(repositoryRoot, 'out'), { recursive: true });
  const folder = await mkdtemp(path.join(repositoryRoot, `out/test-${target}-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await build({
      ...targetConfig,
      logLevel: 'error',
      build: { ...targetConfig.build, outDir: folder, sourcemap: false },
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, remove };
}
