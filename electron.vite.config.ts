import { existsSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

/** The bundles that run on Node: the desktop host, the browser host and the command line. */
const mainEntries = {
  electron: 'src/main/electron/main.ts',
  loopback: 'src/main/loopback/main.ts',
  stint: 'src/cli/main.ts',
  // Beside the workspace: see run-database-task.ts and report-helper.ts.
  'database-worker': 'src/main/workspace/database/database-worker.ts',
  'report-worker': 'src/main/workspace/bundles/report/pdf/report-worker.ts',
};

/**
 * Packages of many small modules that every start loads: inside the bundles they take half the time. The
 * last one is among them since it has to share its zod with ours.
 */
const bundledPackages = [
  'eventsource-parser',
  'file-type',
  'kysely',
  'temporal-polyfill',
  'tus-js-client',
  'yauzl',
  'yazl',
  'zod',
  'fastify-type-provider-zod',
];

/** Rolldown stops at an input that is missing; the hosts can be built without each other. */
function existing(entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries)
      .map(([name, file]) => [name, path.join(root, file)] as const)
      .filter(([, file]) => existsSync(file)),
  );
}

const mainInput = existing(mainEntries);
const preloadInput = existing({ preload: 'src/preload/main.ts' });

export default defineConfig({
  ...(Object.keys(mainInput).length > 0 && {
    main: {
      build: {
        sourcemap: true,
        // These are read from the disk, not fetched over a network.
        chunkSizeWarningLimit: 2000,
        externalizeDeps: { exclude: bundledPackages },
        rolldownOptions: {
          input: mainInput,
          // Beside the entries, so that import.meta.dirname is out/main in all of them.
          output: { chunkFileNames: '[name]-[hash].js' },
        },
      },
    },
  }),
  ...(Object.keys(preloadInput).length > 0 && {
    preload: {
      build: {
        // A sandboxed preload can load neither ESM nor anything but `electron`: one CommonJS file.
        externalizeDeps: false,
        rolldownOptions: {
          input: preloadInput,
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },
  }),
  renderer: {
    root: path.join(root, 'src/renderer'),
    plugins: [
      react(),
      {
        // electron-vite sets "./", for file://. Both hosts serve from an origin of their own, and a
        // relative path would break on a reload of a page that is not at the top.
        name: 'stint:absolute-base',
        enforce: 'post',
        config: () => ({ base: '/' }),
      },
    ],
    build: {
      minify: true,
      // The content security policy allows no data: address for fonts.
      assetsInlineLimit: 0,
      rolldownOptions: {
        output: {
          codeSplitting: {
            // Zod is told what the content security policy allows before any other chunk defines a schema.
            groups: [{ name: 'zod', test: /configure-zod\.ts$|[\\/]node_modules[\\/]zod[\\/]/u }],
          },
        },
      },
    },
  },
});
