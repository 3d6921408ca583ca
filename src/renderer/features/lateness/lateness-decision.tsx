import { useState } from 'react';
import type { Submission } from '../../../shared/contract/shapes.ts';
import type { DecidedVerdict } from '../../../shared/domain/submission-marks.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { describeContradiction } from './describe-evidence.ts';
import styles from './lateness-decision.module.css';

export interface LatenessDecisionProps {
  readonly submission: Submission;
  /** How one writes to the intern. */
  readonly firstName: string;
}

/** The clocks contradict each other: the employer says whether the work counts as on time, and why (SY-18). */
export function LatenessDecision({ submission, firstName }: LatenessDecisionProps) {
  const { seatId, submissionId, verdictInputs } = submission;
  const [reason, setReason] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const decide = useAction('submission.decideLateness', { isInline: true });
  const send = (verdict: DecidedVerdict) => {
    if (reason.trim() === '') setIsMissing(true);
    else decide.mutate({ seatId, submissionId, verdict, reason });
  };
  const contradiction =
    verdictInputs === null
      ? null
      : describeContradiction(verdictInputs, `${isolate(submission.internName)}’s clock`);
  const problem = isMissing
    ? `Say why: ${isolate(firstName)} reads it, and so does whoever opens the bundle.`
    : describeFieldError(decide.error, 'reason');
  return (
    <section className={styles.decision} aria-labelledby={`lateness-${submissionId}`}>
      <h3 id={`lateness-${submissionId}`} className={styles.title}>
        Was this on time? You decide
      </h3>
      <p>
        {contradiction === null ? '' : `${contradiction} `}Clocks go wrong by themselves, too: ask{' '}
        <bdi>{firstName}</bdi> if you are not sure.
      </p>
      <TextArea
        label="Reason"
        value={reason}
        onChange={(text) => {
          setIsMissing(false);
          setReason(text);
        }}
        rows={2}
        description={`${isolate(firstName)} reads it. The decision cannot be taken back.`}
        {...(problem === undefined ? {} : { error: problem })}
      />
      {decide.isError && problem === undefined ? (
        <ErrorNotice error={decide.error} title="The decision was not kept" />
      ) : null}
      <div className={styles.choices}>
        <Button isPending={decide.isPending} onPress={() => send('on_time')}>
          Counts as on time
        </Button>
        <Button isPending={decide.isPending} onPress={() => send('late')}>
          Counts as late
        </Button>
      </div>
    </section>
  );
}
