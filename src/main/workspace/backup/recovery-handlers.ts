import type { recoveryRequests } from '../../../shared/contract/recovery-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { exportPack } from '../packs/pack-handlers.ts';
import { describeCopies } from './describe-copies.ts';

/** What a workspace that is open says of its copies; what repairs a damaged one is in `recoverable-engine.ts`. */
export const recoveryHandlers: HandlersOf<typeof recoveryRequests> = {
  'recovery.state': async (_args, workspace) => ({
    folder: workspace.folder,
    damage: null,
    copies: await describeCopies(workspace.folder),
    copyProblem: workspace.copies?.problem ?? null,
  }),

  'recovery.restore': async () => {
    throw new StintError(
      'refused',
      'nothing is damaged here; close Stint and use "stint workspace restore" to go back to a copy',
    );
  },

  // What is open is exported as it is; reading its files from beneath it would find them half written.
  'recovery.rescue': async (_args, workspace) => exportPack(workspace, workspace.seats.list()),
};
