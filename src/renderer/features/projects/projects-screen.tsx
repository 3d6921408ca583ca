import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/panes.tsx';

export function ProjectsScreen() {
  return (
    <Page title="Projects">
      <EmptyState title="Nothing here yet" />
    </Page>
  );
}
