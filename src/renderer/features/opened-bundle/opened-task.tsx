import { useState } from 'react';
import type { BundledQuestion } from '../../../shared/bundle/agreement-parts.ts';
import type { BundledTask } from '../../../shared/bundle/engagement-document.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { DualTime } from '../../ui/dual-time.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Section } from '../../ui/panes.tsx';
import { Select } from '../../ui/select.tsx';
import { Muted } from '../../ui/stack.tsx';
import { Remark } from '../review/remark.tsx';
import { StateBadge } from '../tasks/task-state.tsx';
import { OpenedFiles } from './opened-files.tsx';
import { OpenedSubmission } from './opened-submission.tsx';
import styles from './opened-bundle.module.css';

export interface OpenedTaskProps {
  readonly bundleId: string;
  readonly task: BundledTask;
}

/** One task: its brief in each version, what was asked about it, and what was handed in for it. */
export function OpenedTask({ bundleId, task }: OpenedTaskProps) {
  const { briefVersions, currentBriefVersionId, submissions, references, questions } = task;
  const [briefId, setBriefId] = useState(currentBriefVersionId);
  const brief = briefVersions.find(({ id }) => id === briefId);
  return (
    <Section
      title={`${task.number}. ${isolate(task.title)}`}
      actions={<StateBadge state={task.state} />}
    >
      <p className={styles.line}>
        <Muted>Due</Muted> <DualTime instant={task.due.instant} zone={task.due.zone} />
        {task.workedSeconds === null ? null : (
          <Muted> · {formatDuration(task.workedSeconds * 1000)} recorded</Muted>
        )}
      </p>
      {briefVersions.length < 2 ? null : (
        <Select
          label="Version of the brief"
          options={briefVersions.map(({ id, version, writtenBy, writtenAt }) => ({
            id,
            label: `Version ${version}${id === currentBriefVersionId ? ', current' : ''}`,
            description: `${writtenBy}, ${formatDateTime(writtenAt)}`,
          }))}
          value={briefId}
          onChange={setBriefId}
        />
      )}
      {brief === undefined ? null : (
        <>
          <Markdown text={brief.instructions} />
          {brief.criteria.length === 0 ? null : (
            <>
              <h3 className={styles.heading}>Acceptance criteria</h3>
              <ol className={styles.criteria}>
                {brief.criteria.map(({ id, text }) => (
                  <li key={id}>{text}</li>
                ))}
              </ol>
            </>
          )}
        </>
      )}
      {references.length === 0 ? null : (
        <>
          <h3 className={styles.heading}>Reference files</h3>
          <OpenedFiles bundleId={bundleId} files={references} />
        </>
      )}
      {questions.length === 0 ? null : (
        <>
          <h3 className={styles.heading}>Questions</h3>
          {questions.map((question) => (
            <Question key={question.id} question={question} />
          ))}
        </>
      )}
      {submissions.length === 0 ? (
        <p>
          <Muted>Nothing was handed in.</Muted>
        </p>
      ) : null}
      {submissions.map((submission) => (
        <OpenedSubmission
          key={submission.id}
          bundleId={bundleId}
          task={task}
          submission={submission}
        />
      ))}
    </Section>
  );
}

function Question({ question }: { readonly question: BundledQuestion }) {
  return (
    <div className={styles.said}>
      <Remark
        by={`${question.askedBy} asks, ${formatDateTime(question.askedAt)}`}
        text={question.text}
      />
      {question.answers.map((answer) => (
        <Remark
          key={answer.id}
          by={`${answer.answeredBy} answers, ${formatDateTime(answer.answeredAt)}`}
          text={answer.text}
        />
      ))}
    </div>
  );
}
