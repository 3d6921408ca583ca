import { z } from 'zod';
import { type Settings, settingsSchema } from '../../../shared/contract/setup-requests.ts';
import { hasVisibleText } from '../../../shared/domain/hidden-characters.ts';
import type { Workspace } from '../engine/workspace.ts';
import { computeDefaultDeviceName } from '../ports/system-ports.ts';

/** This device's settings; what was never set, or cannot be read any more, has its default. */
export async function loadSettings(workspace: Pick<Workspace, 'db'>): Promise<Settings> {
  const rows = await workspace.db.selectFrom('settings').selectAll().execute();
  const stored = Object.fromEntries(rows.map((row) => [row.name, parseJson(row.valueJson)]));
  const { shape } = settingsSchema;
  return {
    theme: shape.theme.catch('system').parse(stored['theme']),
    deviceName: z
      .string()
      .refine(hasVisibleText)
      .catch(computeDefaultDeviceName())
      .parse(stored['deviceName']),
    uploadBytesPerSecond: shape.uploadBytesPerSecond
      .catch(null)
      .parse(stored['uploadBytesPerSecond']),
    downloadBytesPerSecond: shape.downloadBytesPerSecond
      .catch(null)
      .parse(stored['downloadBytesPerSecond']),
    pauseOnMetered: shape.pauseOnMetered.catch('auto').parse(stored['pauseOnMetered']),
    keepsDueOffline: shape.keepsDueOffline.catch(true).parse(stored['keepsDueOffline']),
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
  const saved = await loadSettings(workspace);
  workspace.sync.control.applySettings(saved);
  workspace.emit({ type: 'app' });
  return saved;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
