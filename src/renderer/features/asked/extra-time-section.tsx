import { useState } from 'react';
import { CalendarPlus } from 'lucide-react';
import type { ExtensionRequest } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Row } from '../../ui/stack.tsx';
import { SyncSign } from '../tasks/sync-sign.tsx';
import { TaskSection } from '../tasks/task-section.tsx';
import { isOpenForWork } from '../tasks/task-state.tsx';
import type { Task } from '../tasks/use-task.ts';
import { describeExtraTime } from './describe-extra-time.ts';
import { DeclineTimeDialog, GrantTimeDialog, RequestTimeDialog } from './extra-time-dialogs.tsx';
import styles from './asked.module.css';

interface Choice {
  readonly kind: 'grant' | 'decline';
  readonly request: ExtensionRequest;
}

/** Requests for more time on a task: the intern asks, the employer gives it or says why not. */
export function ExtraTimeSection({
  task,
  isIntern,
}: {
  readonly task: Task;
  readonly isIntern: boolean;
}) {
  const [isAsking, setIsAsking] = useState(false);
  const [choice, setChoice] = useState<Choice>();
  const { extensionRequests: requests } = task;
  const canAsk = isIntern && isOpenForWork(task.item);
  useShortcut(
    { keys: ['M'], label: 'Ask for more time', group: 'Task' },
    () => setIsAsking(true),
    canAsk,
  );
  if (requests.length === 0 && !canAsk) return null;
  const close = () => setChoice(undefined);
  return (
    <TaskSection title="More time">
      {requests.length === 0 ? null : (
        <ul className={styles.list}>
          {requests.map((request) => (
            <li key={request.requestId} className={styles.item}>
              <RequestLine
                task={task}
                request={request}
                isIntern={isIntern}
                onChoose={(kind) => setChoice({ kind, request })}
              />
            </li>
          ))}
        </ul>
      )}
      {canAsk ? (
        <div>
          <Button icon={<CalendarPlus />} keys={['M']} onPress={() => setIsAsking(true)}>
            Ask for more time…
          </Button>
        </div>
      ) : null}
      {isAsking ? <RequestTimeDialog task={task} onClose={() => setIsAsking(false)} /> : null}
      {choice?.kind === 'grant' ? (
        <GrantTimeDialog task={task} request={choice.request} onClose={close} />
      ) : null}
      {choice?.kind === 'decline' ? (
        <DeclineTimeDialog task={task} request={choice.request} onClose={close} />
      ) : null}
    </TaskSection>
  );
}

interface RequestLineProps {
  readonly task: Task;
  readonly request: ExtensionRequest;
  readonly isIntern: boolean;
  readonly onChoose: (kind: Choice['kind']) => void;
}

function RequestLine({ task, request, isIntern, onChoose }: RequestLineProps) {
  const { seatId, internName } = task.item;
  const { requestId, state, reason, briefVersion, requestedAt } = request;
  const withdraw = useAction('extension.withdraw', { failure: 'Not taken back' });
  return (
    <>
      <p className={styles.lead}>
        <strong>
          {isIntern ? 'You asked' : `${isolate(internName)} asked`} for {describeExtraTime(request)}
        </strong>
        <span className={styles.when}>
          {formatDateTime(requestedAt)}
          {briefVersion === null ? '' : `, for version ${briefVersion} of the brief`}
        </span>
        <SyncSign mark={request.mark} />
      </p>
      <p className={styles.text}>{reason}</p>
      <Outcome request={request} />
      {state === 'open' ? (
        <Row>
          {isIntern ? (
            <Button
              size="small"
              variant="quiet"
              onPress={() => withdraw.mutate({ seatId, requestId })}
            >
              Take it back
            </Button>
          ) : (
            <>
              <Button size="small" onPress={() => onChoose('grant')}>
                Give the time…
              </Button>
              <Button size="small" variant="quiet" onPress={() => onChoose('decline')}>
                Decline…
              </Button>
            </>
          )}
        </Row>
      ) : null}
    </>
  );
}

function Outcome({ request }: { readonly request: ExtensionRequest }) {
  const { state, decidedByName, decidedAt, decisionReason, granted } = request;
  const when = decidedAt === null ? '' : `, ${formatDateTime(decidedAt)}`;
  switch (state) {
    case 'open':
      return <p className={styles.when}>Not answered yet; the deadline stands.</p>;
    case 'granted':
      return (
        <p className={styles.text}>
          <bdi>{decidedByName}</bdi> gave {granted === null ? 'it' : describeExtraTime(granted)}
          {when}.
        </p>
      );
    case 'declined':
      return (
        <p className={styles.text}>
          <bdi>{decidedByName}</bdi> declined{when}: {decisionReason}
        </p>
      );
    case 'withdrawn':
      return <p className={styles.when}>Taken back{when}.</p>;
    default:
      return state satisfies never;
  }
}
