import { useMemo, useState } from 'react';
import { ArrowLeft, Ellipsis, Pencil, UserPlus } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { useAction } from '../../client/use-request.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { engagementPath, projectPath } from '../../routes.ts';
import { formatZoneCity } from '../../format/date-time.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Mark } from '../../ui/mark.tsx';
import { toMarkState } from '../../ui/mark-of.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Section } from '../../ui/panes.tsx';
import { Muted } from '../../ui/stack.tsx';
import { useIsWide } from '../review/use-is-wide.ts';
import {
  describeCategory,
  describeDates,
  describeMinutes,
  describePay,
  describeRounding,
} from './describe-project.ts';
import { EngagementRow } from './engagement-row.tsx';
import { Facts } from './facts.tsx';
import { findDoubled } from './find-doubled.ts';
import { ImportDialog } from './import-dialog.tsx';
import { InviteInternDialog } from './invite-intern-dialog.tsx';
import { ExportDialog, isExportable } from '../bundles/export-dialog.tsx';
import styles from './project-detail.module.css';
import { TemplatesSection } from './templates-section.tsx';

export interface ProjectDetailProps {
  readonly project: RequestOutput<'project.get'>;
}

/** A project: who works on it, its terms, its brief. */
export function ProjectDetail({ project }: ProjectDetailProps) {
  const { item, terms, engagements } = project;
  const { seatId, projectId, isClosed } = item;
  const [dialog, setDialog] = useState<
    'invite' | 'close' | 'export' | 'importInterns' | 'importTasks' | null
  >(null);
  const [, navigate] = useLocation();
  const doubled = useMemo(() => findDoubled(engagements), [engagements]);
  // Where the list is out of sight, so is its heading.
  const Title = useIsWide() ? 'h2' : 'h1';
  const close = useAction('project.close', {
    failure: 'The project was not closed',
    onSuccess: () => setDialog(null),
  });
  const edit = () => navigate(`${projectPath(projectId)}/edit`);
  useShortcut(
    { keys: ['I'], label: 'Invite an intern', group: 'Project' },
    () => setDialog('invite'),
    !isClosed,
  );
  useShortcut({ keys: ['E'], label: 'Edit the project', group: 'Project' }, edit);

  return (
    <article className={styles.project}>
      <Link href="/projects" className={styles.back}>
        <ArrowLeft aria-hidden /> Projects
      </Link>
      <header className={styles.header}>
        <div className={styles.heading}>
          <Title className={styles.title}>{item.title}</Title>
          <p className={styles.under}>
            {isClosed ? <Badge>Closed</Badge> : null}
            <Muted>{describeCategory(item.category, item.categoryName)}</Muted>
            <Mark state={toMarkState(item.mark)} isLabelled />
          </p>
        </div>
        <div className={styles.actions}>
          {isClosed ? null : (
            <Button
              variant="primary"
              icon={<UserPlus />}
              keys={['I']}
              onPress={() => setDialog('invite')}
            >
              Invite an intern
            </Button>
          )}
          <Button icon={<Pencil />} keys={['E']} onPress={edit}>
            Edit
          </Button>
          <Menu
            label="More"
            placement="bottom end"
            trigger={<IconButton label="More" icon={<Ellipsis />} />}
            items={[
              {
                id: 'copy',
                label: 'Copy the project',
                description: 'Terms, rubric and templates; nobody is invited yet',
                onAction: () => navigate(`/projects/new/${projectId}`),
              },
              {
                id: 'export',
                label: 'Export a bundle…',
                description: 'The work of everybody on it, in one file',
                onAction: () => setDialog('export'),
              },
              ...(isClosed
                ? []
                : [
                    {
                      id: 'importInterns',
                      label: 'Invite interns from a list…',
                      description: 'A CSV file with names and e-mail addresses',
                      onAction: () => setDialog('importInterns'),
                    },
                    {
                      id: 'importTasks',
                      label: 'Import tasks from a list…',
                      description: 'A CSV file, with a preview before anything is made',
                      onAction: () => setDialog('importTasks'),
                    },
                    {
                      id: 'close',
                      label: 'Close the project…',
                      description: 'Nobody can be invited to it any more',
                      onAction: () => setDialog('close'),
                    },
                  ]),
            ]}
          />
        </div>
      </header>

      <Facts
        facts={[
          { term: 'Pay', value: describePay(terms.pay) },
          { term: 'Hour budget', value: describeMinutes(terms.hourBudgetMinutes) },
          { term: 'Dates', value: describeDates(terms) },
          {
            term: 'Time zone',
            value: <span title={terms.timeZone}>{formatZoneCity(terms.timeZone)}</span>,
          },
          {
            term: 'Grace after deadlines',
            value: terms.graceMinutes === 0 ? 'None' : describeMinutes(terms.graceMinutes),
          },
          {
            term: 'Changes included',
            value:
              terms.roundsIncluded === 0
                ? 'None'
                : `${formatPlural(terms.roundsIncluded, 'round', 'rounds')} for each task`,
          },
          ...(terms.rounding === null
            ? []
            : [{ term: 'Hours are rounded', value: describeRounding(terms.rounding) }]),
        ]}
      />

      <Section title="Interns">
        {engagements.length === 0 ? (
          <EmptyState
            title="Nobody is on this project yet"
            action={
              isClosed ? undefined : (
                <Button onPress={() => setDialog('invite')}>Invite an intern</Button>
              )
            }
          >
            You get a link to send. Tasks can be assigned before the person has answered.
          </EmptyState>
        ) : (
          <ul className={styles.rows}>
            {engagements.map((engagement) => (
              <li key={engagement.engagementId}>
                <EngagementRow
                  engagement={engagement}
                  href={engagementPath(engagement.engagementId)}
                  isDoubled={doubled.has(engagement.engagementId)}
                />
              </li>
            ))}
          </ul>
        )}
      </Section>

      <TemplatesSection project={project} />

      <Section title="Brief">
        {terms.brief.trim() === '' ? (
          <Muted>
            There is no brief yet. <Link href={`${projectPath(projectId)}/edit`}>Write one</Link>{' '}
            before you invite somebody.
          </Muted>
        ) : (
          <div className={styles.document}>
            <Markdown text={terms.brief} />
          </div>
        )}
      </Section>

      {terms.rubric.length === 0 ? null : (
        <Section title="Rubric">
          <Facts
            facts={terms.rubric.map(({ text, points }) => ({
              term: text,
              value: formatPlural(points, 'point', 'points'),
            }))}
          />
        </Section>
      )}

      {terms.latePolicy.trim() === '' ? null : (
        <Section title="When something is late">
          <div className={styles.document}>
            <Markdown text={terms.latePolicy} />
          </div>
        </Section>
      )}

      {dialog === 'importInterns' || dialog === 'importTasks' ? (
        <ImportDialog
          seatId={seatId}
          projectId={projectId}
          kind={dialog === 'importTasks' ? 'tasks' : 'interns'}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'export' ? (
        <ExportDialog
          seatId={item.seatId}
          engagementIds={engagements.filter(isExportable).map(({ engagementId }) => engagementId)}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'invite' ? (
        <InviteInternDialog
          seatId={seatId}
          projectId={projectId}
          projectTitle={item.title}
          onClose={() => setDialog(null)}
        />
      ) : null}
      <Dialog
        isOpen={dialog === 'close'}
        onOpenChange={() => setDialog(null)}
        title="Close this project?"
        size="small"
        isAlert
        footer={
          <>
            <Button onPress={() => setDialog(null)}>Keep it open</Button>
            <Button
              variant="primary"
              isDisabled={close.isPending}
              onPress={() => close.mutate({ seatId, projectId })}
            >
              Close it
            </Button>
          </>
        }
      >
        <p>
          Nobody can be invited to it any more. Those who work on it go on as agreed, and everything
          stays readable. A closed project cannot be opened again.
        </p>
      </Dialog>
    </article>
  );
}
