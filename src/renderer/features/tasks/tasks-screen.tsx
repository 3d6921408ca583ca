import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/panes.tsx';

export function TasksScreen() {
  return (
    <Page title="Tasks">
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
