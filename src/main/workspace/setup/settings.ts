import { z } from 'zod';
import { type Settings, settingsSchema } from '../../../shared/contract/setup-requests.ts';
import type { Workspace } from '../engine/workspace.ts';
import { computeDefaultDeviceName } from '../ports/system-ports.ts';

/** This device's settings; what was never set, or cannot be read any more, has its default. */
export async function loadSettings(workspace: Workspace): Promise<Settings> {
  const rows = await workspace.db.selectFrom('settings').selectAll().execute();
  const stored = Object.fromEntries(rows.map((row) => [row.name, parseJson(row.valueJson)]));
  return {
    theme: settingsSchema.shape.theme.catch('system').parse(stored['theme']),
    deviceName: z.string().min(1).catch(computeDefaultDeviceName()).parse(stored['deviceName']),
  };
}

export async function saveSettings(
  workspace: Workspace,
  patch: Partial<Settings>,
): Promise<Settings> {
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const valueJson = JSON.stringify(value);
    await workspace.db
      .insertInto('settings')
      .values({ name, valueJson })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ valueJson }))
      .execute();
  }
  workspace.emit({ type: 'app' });
  return loadSettings(workspace);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
