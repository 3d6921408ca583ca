import { openServer } from '../../../src/server/open-server.ts';
import { createTestFolder } from './test-server.ts';

/** Every route of the server, also those that a host has to ask for, e.g. `GET /api/v1/server`, read from the router itself. */
export async function listRoutes(): Promise<string[]> {
  const { app, close } = await openServer({
    dataFolder: await createTestFolder(),
    logLevel: 'silent',
    metrics: { token: 'x' },
  });
  try {
    await app.ready();
    return parseTree(app.printRoutes({ commonPrefix: false }));
  } finally {
    await close();
  }
}

/** A line is indented by four characters for each part of the address that stands above it. */
function parseTree(tree: string): string[] {
  const parts: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split('\n')) {
    const match = /^((?:[│ ] {3})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/u.exec(line);
    if (match === null) continue;
    const [, indent = '', part = '', methods = ''] = match;
    const depth = indent.length / 4;
    parts.splice(depth, parts.length, part);
    const path = parts.join('');
    for (const method of methods.split(', ').filter(Boolean)) routes.push(`${method} ${path}`);
  }
  return routes.sort();
}
