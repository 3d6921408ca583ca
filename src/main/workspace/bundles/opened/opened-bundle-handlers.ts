import type { openedBundleRequests } from '../../../../shared/contract/opened-bundle-requests.ts';
import type { HandlersOf } from '../../engine/request-handlers.ts';
import { getOpenBundles } from './open-bundles.ts';

export const openedBundleHandlers: HandlersOf<typeof openedBundleRequests> = {
  'bundle.open': async (input, workspace) => {
    const bundles = getOpenBundles(workspace);
    const bundleId =
      'stagedId' in input
        ? await bundles.openStaged(input.stagedId)
        : await bundles.openExported(input.fileName);
    return { bundleId };
  },

  'bundle.openPath': async ({ path }, workspace) => ({
    bundleId: await getOpenBundles(workspace).open(path),
  }),

  'bundle.close': async ({ bundleId }, workspace) => {
    getOpenBundles(workspace).close(bundleId);
    return {};
  },

  'bundles.opened': async ({ bundleId }, workspace) => getOpenBundles(workspace).get(bundleId),

  'bundles.openedEngagement': async ({ bundleId, index }, workspace) =>
    getOpenBundles(workspace).readEngagement(bundleId, index),
};
