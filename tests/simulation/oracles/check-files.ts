import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Simulation } from '../simulation.ts';

/** Every stored content has the hash that is its name, on every device and on the server. */
export function checkFiles({ world }: Simulation): string[] {
  const folders = [
    join(world.server.folder, 'blobs'),
    ...world.devices.map((device) => join(device.folder, 'files')),
  ];
  return folders.flatMap((folder) =>
    listContents(folder).flatMap(({ path, name }) =>
      createHash('sha256').update(readFileSync(path)).digest('hex') === name
        ? []
        : [
            `files: ${path.slice(world.folder.length + 1)} does not have the hash that it is named after`,
          ],
    ),
  );
}

function listContents(folder: string): { path: string; name: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name)
      ? [{ path: join(entry.parentPath, entry.name), name: entry.name }]
      : [],
  );
}
