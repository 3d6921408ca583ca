import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/panes.tsx';

export function HoursScreen() {
  return (
    <Page title="Hours">
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
