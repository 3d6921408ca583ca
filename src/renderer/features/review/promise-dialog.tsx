import { useState } from 'react';
import { Temporal } from 'temporal-polyfill';
import type { Submission } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { localZone } from '../../format/locale.ts';
import { Muted } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import {
  computeEditedDeadline,
  DeadlineFields,
  findDeadline,
} from '../projects/deadline-fields.tsx';
import { TaskFormDialog } from '../projects/task-dialog.tsx';
import { computeFirstName } from './describe-submission.ts';

/** The end of the next working day, as it is here. */
export function computeUsualPromise(now: Temporal.ZonedDateTime): { wall: string; zone: string } {
  const daysUntil = now.dayOfWeek === 5 ? 3 : now.dayOfWeek === 6 ? 2 : 1;
  const wall = now
    .toPlainDate()
    .add({ days: daysUntil })
    .toPlainDateTime({ hour: 17 })
    .toString({ smallestUnit: 'minute' });
  return { wall, zone: now.timeZoneId };
}

export interface PromiseDialogProps {
  readonly submission: Submission;
  readonly internZone: string | null;
  readonly onClose: () => void;
}

export function PromiseDialog({ submission, internZone, onClose }: PromiseDialogProps) {
  const { seatId, submissionId, answerBy, internName } = submission;
  const firstName = computeFirstName(internName);
  const [edited, setEdited] = useState(() =>
    computeEditedDeadline(
      answerBy ?? computeUsualPromise(Temporal.Now.zonedDateTimeISO(localZone)),
    ),
  );
  const [wasTried, setWasTried] = useState(false);
  const promise = useAction('review.promise', {
    isInline: true,
    onSuccess: () => {
      showToast({
        title: `${isolate(firstName)} is told`,
        description: 'You will be reminded before it is due.',
      });
      onClose();
    },
  });
  const found = findDeadline(edited);
  return (
    <TaskFormDialog
      {...(answerBy === null
        ? { title: 'Promise an answer', leaveLabel: 'Cancel' }
        : { title: 'Promise another time' })}
      submitLabel="Promise it"
      onSubmit={() => {
        setWasTried(true);
        if (found !== undefined) promise.mutate({ seatId, submissionId, answerBy: found });
      }}
      onClose={onClose}
      isSaving={promise.isPending}
      error={promise.error}
    >
      <DeadlineFields
        dateLabel="Answer by"
        value={edited}
        onChange={setEdited}
        intern={{ name: firstName, timeZone: internZone }}
        error={
          wasTried && found === undefined
            ? 'Choose a day and a time.'
            : describeFieldError(promise.error, 'answerBy')
        }
      />
      <Muted>
        <bdi>{firstName}</bdi> sees by when an answer will come. The queue is in the order of what
        was promised, and you are reminded before it is due.
      </Muted>
    </TaskFormDialog>
  );
}
