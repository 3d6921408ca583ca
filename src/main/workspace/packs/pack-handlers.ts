import type { packRequests } from '../../../shared/contract/pack-requests.ts';
import { runAlone } from '../bundles/write-export.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadSettings } from '../setup/settings.ts';
import { importPack, inspectPack } from './import-pack.ts';
import { choosePackPath, describeWrittenPack } from './pack-file-name.ts';
import { createLiveSource } from './pack-source.ts';
import { makeWorkFolder } from './work-folder.ts';
import { writePack } from './write-pack.ts';

/** Unsent work as a file: out of this computer, and into it. */
export const packHandlers: HandlersOf<typeof packRequests> = {
  'pack.export': async ({ seatId }, workspace) =>
    exportPack(
      workspace,
      seatId === undefined ? workspace.seats.list() : [getSeat(workspace, seatId)],
    ),

  'pack.inspect': async ({ stagedId }, workspace) => inspectPack(workspace, stagedId),

  'pack.import': async ({ stagedId }, workspace) => importPack(workspace, stagedId),
};

/** Writes what these seats have not sent into the exports folder. @throws what `writePack` says */
export async function exportPack(workspace: Workspace, seats: readonly Seat[]) {
  const createdAt = computeNow(workspace);
  const { deviceName } = await loadSettings(workspace);
  // Its name is chosen from what lies in the folder.
  const written = await runAlone(workspace, async () => {
    const path = await choosePackPath(workspace.exportsFolder, createdAt);
    const work = await makeWorkFolder(workspace.exportsFolder, workspace.ports);
    try {
      return await writePack({
        path,
        workFolder: work.path,
        sources: seats.map((seat) => createLiveSource(seat, workspace.ports.sha256Hex)),
        files: workspace.files,
        createdAt,
        deviceName,
        stintVersion: workspace.version,
      });
    } finally {
      await work.remove();
    }
  });
  return describeWrittenPack(written);
}
