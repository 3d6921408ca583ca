import { useMemo } from 'react';
import { Plus } from 'lucide-react';
import type { ProjectItem } from '../../../shared/contract/shapes.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { PaneHeader } from '../../ui/panes.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { describeCategory, describeDates } from './describe-project.ts';
import rowStyles from '../../ui/list-row.module.css';
import styles from './project-list.module.css';

interface Row extends ProjectItem {
  readonly id: string;
}

export interface ProjectListProps {
  readonly projects: readonly ProjectItem[];
  readonly selectedId: string | undefined;
  readonly onSelect: (projectId: string) => void;
  readonly onCreate: () => void;
}

export function ProjectList({ projects, selectedId, onSelect, onCreate }: ProjectListProps) {
  const rows = useMemo<Row[]>(
    () => projects.map((project) => ({ ...project, id: project.projectId })),
    [projects],
  );
  return (
    <>
      <PaneHeader
        title="Projects"
        actions={<IconButton label="New project" icon={<Plus />} keys={['N']} onPress={onCreate} />}
      />
      <div className={rowStyles.rows}>
        <VirtualList
          label="Projects"
          items={rows}
          getText={getText}
          renderItem={renderRow}
          rowHeightPx={80}
          selectedId={selectedId ?? null}
          onSelect={(row) => onSelect(row.id)}
        />
      </div>
    </>
  );
}

const getText = ({ title }: Row) => title;

function renderRow(project: Row) {
  return (
    <div className={rowStyles.row}>
      <span className={rowStyles.title}>{project.title}</span>
      <span className={styles.line}>
        {describeCategory(project.category, project.categoryName)}, {describeDates(project)}
      </span>
      <span className={styles.badges}>
        {project.isClosed ? <Badge>Closed</Badge> : null}
        {project.waitingForReviewCount === 0 ? null : (
          <Badge tone="accent">{project.waitingForReviewCount} to review</Badge>
        )}
        <span className={styles.line}>
          {project.engagementCount === 0
            ? 'Nobody invited yet'
            : formatPlural(project.engagementCount, 'intern', 'interns')}
        </span>
      </span>
    </div>
  );
}
