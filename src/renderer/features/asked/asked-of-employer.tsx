import { Link } from 'wouter';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatRelative } from '../../format/date-time.ts';
import { projectTaskPath } from '../../routes.ts';
import { TaskSection } from '../tasks/task-section.tsx';
import { describeExtraTime } from './describe-extra-time.ts';
import styles from './asked.module.css';

/** What interns ask and nobody has answered, oldest first, each with the way to its task. */
export function AskedOfEmployer({ seatId }: { readonly seatId: string }) {
  const asked = useRequest('asked.list', { seatId }).data;
  if (asked === undefined) return null;
  const entries = [
    ...asked.questions.map(({ question, task }) => ({
      id: question.questionId,
      since: question.askedAt,
      task,
      lead: `${isolate(question.askedByName)} asks`,
      text: question.text,
    })),
    ...asked.extensions.map(({ request, task }) => ({
      id: request.requestId,
      since: request.requestedAt,
      task,
      lead: `${isolate(task.internName)} asks for ${describeExtraTime(request)} more`,
      text: request.reason,
    })),
  ].toSorted((left, right) => (left.since < right.since ? -1 : 1));
  if (entries.length === 0) return null;
  return (
    <TaskSection title="Asked of you" aside={`${entries.length} to answer`} level={2}>
      <ul className={styles.list}>
        {entries.map(({ id, since, task, lead, text }) => (
          <li key={id} className={styles.item}>
            <p className={styles.lead}>
              <strong>{lead}</strong>
              <Link href={projectTaskPath(task.projectId, task.taskId)}>{task.title}</Link>
              <span className={styles.when}>{formatRelative(since)}</span>
            </p>
            <p className={styles.text}>{text}</p>
          </li>
        ))}
      </ul>
    </TaskSection>
  );
}
