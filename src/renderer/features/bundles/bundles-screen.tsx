import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/panes.tsx';

export function BundlesScreen() {
  return (
    <Page title="Bundles">
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
