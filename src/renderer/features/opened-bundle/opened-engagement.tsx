import type {
  BundledAmendment,
  BundledEvaluation,
} from '../../../shared/bundle/agreement-parts.ts';
import type { EngagementDocument } from '../../../shared/bundle/engagement-document.ts';
import { readEndReason } from '../../../shared/domain/end-reason.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/panes.tsx';
import { Muted } from '../../ui/stack.tsx';
import { EvaluationView } from '../evaluation/evaluation-view.tsx';
import { describeDates, describePay, listEndFacts } from '../projects/describe-project.ts';
import { Facts } from '../projects/facts.tsx';
import { OpenedHours } from './opened-hours.tsx';
import { OpenedTask } from './opened-task.tsx';
import styles from './opened-bundle.module.css';

export interface OpenedEngagementProps {
  readonly bundleId: string;
  readonly document: EngagementDocument;
}

export function OpenedEngagement({ bundleId, document }: OpenedEngagementProps) {
  const { engagement, project, employers, tasks, totals, missing, contents } = document;
  const accepted = tasks.filter(({ state }) => state === 'accepted').length;
  const leftOut = [
    contents.revisions === 'all' ? '' : 'not every revision is in it',
    contents.hours ? '' : 'hours were left out',
    contents.evaluations ? '' : 'evaluations were left out',
    contents.namesRedacted ? 'names were replaced by invented ones' : '',
  ].filter((text) => text !== '');
  return (
    <>
      {leftOut.length === 0 ? null : (
        <Notice title="Part of the whole">In this bundle {leftOut.join(', ')}.</Notice>
      )}
      {missing.length === 0 ? null : (
        <Notice
          tone="warning"
          title={`${formatPlural(missing.length, 'file was', 'files were')} not there when it was made`}
        >
          {missing
            .map(({ name, sizeBytes }) => `${isolate(name)} (${formatBytes(sizeBytes)})`)
            .join(', ')}
        </Notice>
      )}
      <Facts
        facts={[
          { term: 'Intern', value: describePerson(engagement.intern) },
          { term: 'Employer', value: employers.map(describePerson).join('; ') },
          { term: 'Dates', value: describeDates(engagement) },
          { term: 'Pay', value: describePay(engagement.pay) },
          ...listEndFacts(engagement.endedAt, readEndReason(engagement.endReason)),
          { term: 'Tasks accepted', value: `${accepted} of ${tasks.length}` },
          ...(totals === null
            ? []
            : [
                {
                  term: 'Hours',
                  value: `${formatDuration(totals.workedSeconds * 1000)} of ${formatDuration(engagement.hourBudgetMinutes * 60_000)}`,
                },
              ]),
        ]}
      />
      <Section title="Brief">
        <Markdown text={project.brief} />
      </Section>
      {tasks.map((task) => (
        <OpenedTask key={task.id} bundleId={bundleId} task={task} />
      ))}
      <OpenedHours document={document} />
      {document.amendments.length === 0 ? null : (
        <Section title="Amendments">
          {document.amendments.map((amendment) => (
            <Amendment key={amendment.id} amendment={amendment} />
          ))}
        </Section>
      )}
      {document.evaluations.length === 0 ? null : (
        <Section title="Evaluations">
          {document.evaluations.map((evaluation) => (
            <EvaluationView key={evaluation.id} evaluation={toEvaluation(evaluation)} />
          ))}
        </Section>
      )}
    </>
  );
}

function describePerson({ name, email }: EngagementDocument['engagement']['intern']): string {
  return email === null || email === '' ? name : `${isolate(name)}, ${email}`;
}

function toEvaluation({ side, by, content, writtenAt, afterOpening }: BundledEvaluation) {
  return {
    side,
    byName: by,
    content,
    writtenAt,
    isAfterOpening: afterOpening,
  };
}

function Amendment({ amendment }: { readonly amendment: BundledAmendment }) {
  const { proposedBy, proposedAt, state, reason, decidedBy, decidedAt } = amendment;
  return (
    <div className={styles.said}>
      <p>
        <strong>Proposed by {proposedBy}</strong>{' '}
        <Muted>
          {formatDateTime(proposedAt)}; {state}
          {decidedBy === null || decidedAt === null
            ? ''
            : ` by ${decidedBy}, ${formatDateTime(decidedAt)}`}
        </Muted>
      </p>
      <Markdown text={reason} isCompact />
      <pre className={styles.data}>{JSON.stringify(amendment.changes, undefined, 2)}</pre>
    </div>
  );
}
