import { useState } from 'react';
import { Lock } from 'lucide-react';
import { isolate } from '../../../shared/domain/isolate.ts';
import type {
  EngagementEvaluations,
  OwnEvaluation,
} from '../../../shared/contract/evaluation-requests.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { toMarkState } from '../../ui/mark-of.ts';
import { Section } from '../../ui/panes.tsx';
import { Muted } from '../../ui/stack.tsx';
import { isUnsealed } from './describe-evaluation.ts';
import { EvaluationForm } from './evaluation-form.tsx';
import { EvaluationView } from './evaluation-view.tsx';
import styles from './evaluation.module.css';

export interface EvaluationSectionProps {
  readonly seatId: string;
  readonly evaluations: EngagementEvaluations;
  readonly other: string;
  readonly title?: string;
  /** Opens the form at once: for who has just completed the engagement. */
  readonly isWriting?: boolean;
}

/** Two people of one side wrote, each perhaps without knowing of the other: which of the two is read. */
const describeKept = (
  { isSelf, byName }: OwnEvaluation,
  read: OwnEvaluation,
  other: string,
): string =>
  `${isSelf ? 'You' : byName} wrote this as well. ${other} gets to read ${
    read.isSelf ? 'yours' : `the one by ${isolate(read.byName)}`
  }, which reached the server later.`;

/** What both sides said of each other, or that it is sealed, and the way to say something. */
export function EvaluationSection({
  seatId,
  evaluations,
  other,
  title = 'Evaluation',
  isWriting: beginsWriting = false,
}: EvaluationSectionProps) {
  const { own, keptBeside, opened, canWrite, opensAt } = evaluations;
  const [isWriting, setIsWriting] = useState(beginsWriting);
  const [nowMs] = useState(() => Date.now());
  const isOpen = isUnsealed(evaluations, nowMs);
  const whose = own === null || own.isSelf ? 'yours' : `the one by ${isolate(own.byName)}`;
  const isOwnUnread = own !== null && !opened.some(({ side }) => side === own.side);
  return (
    <Section
      title={title}
      actions={
        canWrite ? (
          <Button
            size="small"
            variant={own === null ? 'primary' : 'secondary'}
            onPress={() => setIsWriting(true)}
          >
            {own === null ? `Evaluate ${other}…` : 'Change yours…'}
          </Button>
        ) : undefined
      }
    >
      {opened.map((evaluation) => (
        <EvaluationView key={evaluation.side} evaluation={evaluation} />
      ))}
      {opened.length > 0 && !isOwnUnread ? null : own === null ? (
        <Muted>
          {isOpen
            ? `The fourteen days are over. You gave none, and none by ${other} has come to this computer.`
            : `You have not given one yet. What ${other} may have written is sealed${
                opensAt === null
                  ? ''
                  : ` until you have, at the latest until ${formatDateTime(opensAt)}`
              }.`}
        </Muted>
      ) : (
        <>
          <p className={styles.sealed}>
            {isOpen ? null : <Lock aria-hidden size={16} />}
            <Muted>
              {isOpen
                ? `${other} can read ${whose} as soon as the server has it.`
                : `${own.isSelf ? 'Yours' : `The one by ${isolate(own.byName)}`} is sealed until ${other} has given one${
                    opensAt === null ? '' : `, at the latest until ${formatDateTime(opensAt)}`
                  }.`}
            </Muted>
            <Mark state={toMarkState(own.mark)} />
          </p>
          <EvaluationView evaluation={own} />
        </>
      )}
      {own === null
        ? null
        : keptBeside.map((evaluation) => (
            <div key={evaluation.writtenAt} className={styles.kept}>
              <Muted>{describeKept(evaluation, own, other)}</Muted>
              <EvaluationView evaluation={evaluation} />
            </div>
          ))}
      {isWriting ? (
        <EvaluationForm
          seatId={seatId}
          evaluations={evaluations}
          other={other}
          onClose={() => setIsWriting(false)}
        />
      ) : null}
    </Section>
  );
}
