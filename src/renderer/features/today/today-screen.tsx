import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/panes.tsx';

export function TodayScreen() {
  return (
    <Page title="Today">
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
