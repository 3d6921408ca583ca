import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/panes.tsx';

export function PeopleScreen() {
  return (
    <Page title="People">
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
