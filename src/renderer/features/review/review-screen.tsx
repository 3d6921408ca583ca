import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/panes.tsx';

export function ReviewScreen() {
  return (
    <Page title="Review">
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
