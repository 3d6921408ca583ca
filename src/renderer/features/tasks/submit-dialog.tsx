import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatClockPosition } from '../../format/clock-difference.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatBytes, formatCount, formatPlural } from '../../format/numbers.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DualTime } from '../../ui/dual-time.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { isNoticeableDifference } from '../lateness/describe-evidence.ts';
import { HandInTaskHours } from '../timesheets/hand-in-task-hours.tsx';
import { useMinuteNowMs } from './due-phrase.tsx';
import { FileLine } from './file-line.tsx';
import { Receipt } from './receipt.tsx';
import { findSubmitHindrance } from './submit-hindrance.ts';
import { SyncSign } from './sync-sign.tsx';
import type { Task } from './use-task.ts';
import styles from './submit-dialog.module.css';

type Preview = RequestOutput<'submission.preview'>;

export interface SubmitDialogProps {
  readonly task: Task;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** What will be sent and whether it is on time; then, when it was handed in, the receipt. */
export function SubmitDialog({ task, isOpen, onOpenChange }: SubmitDialogProps) {
  return isOpen ? <OpenDialog task={task} onOpenChange={onOpenChange} /> : null;
}

function OpenDialog({ task, onOpenChange }: Omit<SubmitDialogProps, 'isOpen'>) {
  const { seatId, taskId } = task.item;
  const [submissionId, setSubmissionId] = useState<string>();
  const preview = useRequest(
    'submission.preview',
    submissionId === undefined ? { seatId, taskId } : undefined,
    { isAskedAnew: true },
  );
  const create = useAction('submission.create', {
    isInline: true,
    onSuccess: (created) => setSubmissionId(created.submissionId),
  });
  // An answer from before the dialog opened may be of an earlier draft.
  const isReady = preview.isSuccess && preview.isFetchedAfterMount;
  const isHindered = preview.data === undefined || findSubmitHindrance(preview.data) !== undefined;
  const canSubmit = isReady && !isHindered && !create.isPending;
  const submit = () => {
    if (submissionId === undefined && canSubmit) create.mutate({ seatId, taskId });
  };
  useShortcut({ keys: ['Mod', 'Enter'], label: 'Hand in now', group: 'Task' }, () =>
    submissionId === undefined ? submit() : onOpenChange(false),
  );

  if (submissionId !== undefined)
    return (
      <Dialog
        isOpen
        onOpenChange={onOpenChange}
        title="Handed in"
        footer={<DoneButton onPress={() => onOpenChange(false)} />}
      >
        <HandedIn seatId={seatId} submissionId={submissionId} />
        <HandInTaskHours
          seatId={seatId}
          engagementId={task.item.engagementId}
          taskId={taskId}
          submissionId={submissionId}
        />
      </Dialog>
    );
  return (
    <Dialog
      isOpen
      onOpenChange={onOpenChange}
      title={
        preview.data === undefined || preview.data.revision === 1
          ? `Submit “${isolate(task.item.title)}”`
          : `Submit revision ${formatCount(preview.data.revision)} of “${isolate(task.item.title)}”`
      }
      footer={
        <>
          <Button onPress={() => onOpenChange(false)}>Not yet</Button>
          <Button
            variant="primary"
            keys={['Mod', 'Enter']}
            // Not while it is being handed in: a disabled button loses the focus to the page behind.
            isDisabled={isHindered}
            onPress={submit}
          >
            Submit
          </Button>
        </>
      }
    >
      {preview.isError ? (
        <ErrorNotice error={preview.error} onRetry={() => void preview.refetch()} />
      ) : isReady ? (
        <Summary task={task} preview={preview.data} />
      ) : (
        <Skeleton lines={4} />
      )}
      {create.isError ? (
        <ErrorNotice error={create.error} title="Not handed in; your work is still here" />
      ) : null}
    </Dialog>
  );
}

/** The button that held the focus is gone: Enter and Escape would go to the page behind. */
function DoneButton({ onPress }: { readonly onPress: () => void }) {
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <Button ref={ref} variant="primary" onPress={onPress}>
      Done
    </Button>
  );
}

function Summary({ task, preview }: { readonly task: Task; readonly preview: Preview }) {
  const { files, note, tickedCount, criteriaCount, workedSeconds } = preview;
  const { seatId, taskId } = task.item;
  const timer = useRequest('timer.get', {});
  const isTimerHere = timer.data?.seatId === seatId && timer.data.taskId === taskId;
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const hindrance = findSubmitHindrance(preview);
  return (
    <div className={styles.summary}>
      <Timeliness task={task} preview={preview} />
      {isTimerHere && hindrance === undefined ? (
        <Notice title="The timer on this task stops with it">Its time is counted below.</Notice>
      ) : null}
      {hindrance === undefined ? null : <Notice title={hindrance.title}>{hindrance.text}</Notice>}
      <dl className={styles.facts}>
        <div>
          <dt>Files</dt>
          <dd>
            {files.length === 0
              ? 'none'
              : `${formatPlural(files.length, 'file', 'files')}, ${formatBytes(totalBytes)}`}
          </dd>
        </div>
        <div>
          <dt>Criteria ticked</dt>
          <dd className={tickedCount < criteriaCount ? styles.attention : undefined}>
            {criteriaCount === 0
              ? 'none were set'
              : `${formatCount(tickedCount)} of ${formatCount(criteriaCount)}`}
          </dd>
        </div>
        <div>
          <dt>Worked</dt>
          <dd>{formatDuration(workedSeconds * 1000)}</dd>
        </div>
        <div>
          <dt>Answers</dt>
          <dd>brief version {formatCount(task.brief.version)}</dd>
        </div>
      </dl>
      {files.length === 0 ? null : (
        <ul className={styles.files} aria-label="Files that will be sent">
          {files.map((file) => (
            <li key={file.attachmentId}>
              <FileLine seatId={seatId} file={file} showsPicture />
            </li>
          ))}
        </ul>
      )}
      {note.trim() === '' ? null : (
        <section aria-label="Note" className={styles.note}>
          <Markdown text={note} isCompact />
        </section>
      )}
    </div>
  );
}

function Timeliness({ task, preview }: { readonly task: Task; readonly preview: Preview }) {
  const due = <DualTime instant={preview.dueInstant} zone={task.item.due.zone} />;
  const grace =
    task.graceMinutes > 0
      ? ` Without a connection it is sent by itself later, and counts as on time if it arrives within ${formatDuration(task.graceMinutes * 60_000)} after the deadline.`
      : ' Without a connection it is sent by itself later; the server’s clock decides.';
  const { clockDifferenceMs } = preview;
  if (isNoticeableDifference(clockDifferenceMs))
    return (
      <TimelinessByServer
        differenceMs={clockDifferenceMs}
        dueInstant={preview.dueInstant}
        due={due}
        grace={grace}
      />
    );
  if (preview.isOnTimeByThisClock)
    return (
      <Notice tone="positive" title="On time by this computer’s clock">
        Due {due}.{grace}
      </Notice>
    );
  return (
    <Notice tone="warning" title="The deadline has passed by this computer’s clock">
      It was due {due}. Submit all the same: it arrives in any case, and is shown as late.
      {task.latePolicy.trim() === '' ? null : (
        <div className={styles.policy}>
          <span className={styles.policyLead}>The employer on late work:</span> {task.latePolicy}
        </div>
      )}
    </Notice>
  );
}

interface TimelinessByServerProps {
  /** How far this computer's clock is ahead of the server's. */
  readonly differenceMs: number;
  readonly dueInstant: string;
  readonly due: ReactNode;
  readonly grace: string;
}

/** Where this computer's clock is known to be wrong, what it says is no help. */
function TimelinessByServer({ differenceMs, dueInstant, due, grace }: TimelinessByServerProps) {
  const byServerMs = useMinuteNowMs() - differenceMs;
  const isInTime = byServerMs <= Date.parse(dueInstant);
  return (
    <Notice
      tone={isInTime ? 'neutral' : 'warning'}
      title={isInTime ? 'On time, as far as can be told' : 'The deadline seems to have passed'}
    >
      This computer’s clock is {formatClockPosition(differenceMs)} the server’s. By the server’s it
      is about {formatDateTime(byServerMs)}; it is due {due}. The server knows of the difference and
      takes it out.{grace}
    </Notice>
  );
}

interface HandedInProps {
  readonly seatId: string;
  readonly submissionId: string;
}

function HandedIn({ seatId, submissionId }: HandedInProps) {
  const submission = useRequest('submission.get', { seatId, submissionId });
  if (submission.isError)
    return (
      <ErrorNotice
        error={submission.error}
        title="It is handed in, but cannot be shown"
        onRetry={() => void submission.refetch()}
      />
    );
  if (submission.isPending) return <Skeleton lines={4} />;
  const { receivedAt, revision, mark } = submission.data;
  return (
    <div className={styles.summary}>
      <Notice
        tone={receivedAt === null ? 'accent' : 'positive'}
        title={
          receivedAt === null
            ? `Revision ${formatCount(revision)} is kept on this computer`
            : `Revision ${formatCount(revision)} is on the server`
        }
        isLive
      >
        {receivedAt === null
          ? 'It goes to the server by itself; you need not wait here. The receipt comes with it.'
          : 'This is your receipt. It stays in the task’s history.'}
      </Notice>
      <Receipt submission={submission.data} />
      {mark === 'on_the_server' ? null : <SyncSign mark={mark} isLabelled />}
    </div>
  );
}
