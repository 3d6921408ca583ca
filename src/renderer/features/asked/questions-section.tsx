import { useRef, useState } from 'react';
import type { Question } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatCount } from '../../format/numbers.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SyncSign } from '../tasks/sync-sign.tsx';
import { TaskSection } from '../tasks/task-section.tsx';
import type { Task } from '../tasks/use-task.ts';
import { AskingForm } from './asking-form.tsx';
import styles from './asked.module.css';

/** Questions about a task and what the employer says to them, for both; an answer can become part of the brief. */
export function QuestionsSection({
  task,
  isIntern,
}: {
  readonly task: Task;
  readonly isIntern: boolean;
}) {
  const sectionRef = useRef<HTMLDivElement>(null);
  const { questions } = task;
  const open = questions.filter(({ answers }) => answers.length === 0);
  const focus = () => sectionRef.current?.querySelector('textarea')?.focus();
  useShortcut({ keys: ['Q'], label: 'Ask a question', group: 'Task' }, focus, isIntern);
  useShortcut(
    { keys: ['Q'], label: 'Answer the first open question', group: 'Task' },
    focus,
    !isIntern && open.length > 0,
  );
  if (questions.length === 0 && !isIntern) return null;
  return (
    <div ref={sectionRef}>
      <TaskSection
        title="Questions"
        {...(open.length === 0 ? {} : { aside: `${formatCount(open.length)} without an answer` })}
      >
        {questions.length === 0 ? null : (
          <ul className={styles.list}>
            {questions.map((question) => (
              <li key={question.questionId} className={styles.item}>
                <QuestionView task={task} question={question} isIntern={isIntern} />
              </li>
            ))}
          </ul>
        )}
        {isIntern ? <AskForm task={task} /> : null}
      </TaskSection>
    </div>
  );
}

interface QuestionViewProps {
  readonly task: Task;
  readonly question: Question;
  readonly isIntern: boolean;
}

function QuestionView({ task, question, isIntern }: QuestionViewProps) {
  const { seatId } = task.item;
  const { answers } = question;
  const [isCorrecting, setIsCorrecting] = useState(false);
  const quote = useAction('question.quoteInBrief', { failure: 'Not made part of the brief' });
  const isAnswering = !isIntern && (answers.length === 0 || isCorrecting);
  return (
    <>
      <p className={styles.lead}>
        <strong>{question.askedByName}</strong>
        <span className={styles.when}>{formatDateTime(question.askedAt)}</span>
        <SyncSign mark={question.mark} />
      </p>
      <p className={styles.text}>{question.text}</p>
      {answers.map(
        ({ answerId, text, answeredByName, answeredAt, inBriefVersion, mark }, index) => (
          <div key={answerId} className={styles.answer}>
            <p className={styles.lead}>
              <strong>{answeredByName}</strong>
              <span className={styles.when}>{formatDateTime(answeredAt)}</span>
              {inBriefVersion === null ? null : (
                <Badge tone="positive">in version {inBriefVersion} of the brief</Badge>
              )}
              <SyncSign mark={mark} />
            </p>
            <p className={styles.text}>{text}</p>
            {!isIntern && index === answers.length - 1 ? (
              <div>
                {inBriefVersion === null ? (
                  <Button
                    size="small"
                    isDisabled={quote.isPending}
                    onPress={() => quote.mutate({ seatId, answerId })}
                  >
                    Make it part of the brief
                  </Button>
                ) : null}{' '}
                {isCorrecting ? null : (
                  <Button size="small" variant="quiet" onPress={() => setIsCorrecting(true)}>
                    Add to the answer
                  </Button>
                )}
              </div>
            ) : null}
          </div>
        ),
      )}
      {answers.length === 0 && isIntern ? (
        <p className={styles.when}>Not answered yet. You need not wait to go on.</p>
      ) : null}
      {isAnswering ? (
        <AnswerForm seatId={seatId} question={question} onDone={() => setIsCorrecting(false)} />
      ) : null}
    </>
  );
}

function AskForm({ task }: { readonly task: Task }) {
  const { seatId, taskId, organizationName } = task.item;
  const ask = useAction('question.ask', { isInline: true });
  return (
    <AskingForm
      label="Ask about this task"
      description={`${isolate(organizationName)} sees it as soon as there is a connection.`}
      submitLabel="Ask"
      keys={['Q']}
      error={ask.error}
      isSaving={ask.isPending}
      onSubmit={(text, clear) => ask.mutate({ seatId, taskId, text }, { onSuccess: clear })}
    />
  );
}

interface AnswerFormProps {
  readonly seatId: string;
  readonly question: Question;
  readonly onDone: () => void;
}

function AnswerForm({ seatId, question, onDone }: AnswerFormProps) {
  const { questionId, askedByName } = question;
  const answer = useAction('question.answer', { isInline: true });
  return (
    <AskingForm
      label={`Answer ${isolate(askedByName)}`}
      submitLabel="Answer"
      keys={['Q']}
      error={answer.error}
      isSaving={answer.isPending}
      onSubmit={(text, clear) =>
        answer.mutate(
          { seatId, questionId, text },
          {
            onSuccess: () => {
              clear();
              onDone();
            },
          },
        )
      }
    />
  );
}
