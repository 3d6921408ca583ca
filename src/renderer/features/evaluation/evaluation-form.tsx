import { useState } from 'react';
import type { EngagementEvaluations } from '../../../shared/contract/evaluation-requests.ts';
import { isEmptyEvaluation, type EvaluationContent } from '../../../shared/domain/evaluation.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Muted } from '../../ui/stack.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import formStyles from '../projects/form.module.css';
import { TaskFormDialog } from '../projects/task-dialog.tsx';
import {
  describeReaders,
  employerQuestions,
  internQuestions,
  offerKinds,
} from './describe-evaluation.ts';

const scores = [
  { id: 'none', label: 'Not said' },
  { id: '1', label: '1' },
  { id: '2', label: '2' },
  { id: '3', label: '3' },
  { id: '4', label: '4' },
  { id: '5', label: '5' },
] as const;
type ScoreId = (typeof scores)[number]['id'];

type Scores = Readonly<Record<string, number | null>>;

export interface EvaluationFormProps {
  readonly seatId: string;
  readonly evaluations: EngagementEvaluations;
  /** Who is spoken of: the intern's name, or the organization's. */
  readonly other: string;
  readonly onClose: () => void;
}

/** What one side says of the other. It says beforehand who reads it, and when. */
export function EvaluationForm({ seatId, evaluations, other, onClose }: EvaluationFormProps) {
  const { engagementId, ownSide, own } = evaluations;
  const [openedMs] = useState(() => Date.now());
  const isEmployer = ownSide === 'employer';
  const before = own?.content;
  const [ratings, setRatings] = useState<Scores>(before?.ratings ?? {});
  const [wentWell, setWentWell] = useState(before?.wentWell ?? '');
  const [couldImprove, setCouldImprove] = useState(before?.couldImprove ?? '');
  const [testimonial, setTestimonial] = useState(
    before?.side === 'employer' ? before.testimonial : '',
  );
  const offerBefore = before?.side === 'employer' ? before.offer : null;
  const [offerKind, setOfferKind] = useState<'none' | keyof typeof offerKinds>(
    offerBefore?.kind ?? 'none',
  );
  const [offerText, setOfferText] = useState(offerBefore?.text ?? '');
  const againBefore = before?.side === 'intern' ? before.wouldWorkAgain : null;
  const [again, setAgain] = useState<'none' | 'yes' | 'no'>(
    againBefore === null ? 'none' : againBefore ? 'yes' : 'no',
  );
  const [wasTried, setWasTried] = useState(false);
  const write = useAction('evaluation.write', {
    isInline: true,
    onSuccess: () => {
      showToast({ tone: 'positive', title: 'Your evaluation is kept' });
      onClose();
    },
  });
  const questions: Readonly<Record<string, string>> = isEmployer
    ? employerQuestions
    : internQuestions;
  const scored = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, ratings[name] ?? null]));
  const words = { wentWell: wentWell.trim(), couldImprove: couldImprove.trim() };
  const content = (
    isEmployer
      ? {
          side: 'employer',
          ratings: scored(employerQuestions),
          ...words,
          testimonial: testimonial.trim(),
          offer: offerKind === 'none' ? null : { kind: offerKind, text: offerText.trim() },
        }
      : {
          side: 'intern',
          ratings: scored(internQuestions),
          ...words,
          wouldWorkAgain: again === 'none' ? null : again === 'yes',
        }
  ) as EvaluationContent;
  const isEmpty = isEmptyEvaluation(content);
  return (
    <TaskFormDialog
      title={`Evaluate ${other}`}
      {...(own === null
        ? { submitLabel: 'Give the evaluation', leaveLabel: 'Not yet' }
        : { submitLabel: 'Replace the evaluation' })}
      onClose={onClose}
      isSaving={write.isPending}
      error={write.error}
      onSubmit={() => {
        setWasTried(true);
        if (!isEmpty) write.mutate({ seatId, engagementId, content });
      }}
    >
      <Muted>{describeReaders(evaluations, other, openedMs)}</Muted>
      <div className={formStyles.pair}>
        {Object.entries(questions).map(([name, label]) => (
          <Select<ScoreId>
            key={name}
            label={label}
            options={scores}
            value={`${ratings[name] ?? 'none'}` as ScoreId}
            onChange={(id) => setRatings({ ...ratings, [name]: id === 'none' ? null : Number(id) })}
          />
        ))}
      </div>
      <TextArea
        label="What went well"
        isOptional
        value={wentWell}
        onChange={setWentWell}
        rows={3}
        maxLength={5000}
        error={describeFieldError(write.error, 'content.wentWell')}
      />
      <TextArea
        label="What could be better next time"
        isOptional
        value={couldImprove}
        onChange={setCouldImprove}
        rows={3}
        maxLength={5000}
        error={describeFieldError(write.error, 'content.couldImprove')}
      />
      {isEmployer ? (
        <>
          <TextArea
            label="Testimonial"
            isOptional
            description={`${other} may show these words to others, with your name and organization.`}
            value={testimonial}
            onChange={setTestimonial}
            rows={3}
            maxLength={5000}
          />
          <RadioGroup
            label="Do you offer something?"
            options={[
              { id: 'none', label: 'Not now' },
              { id: 'more_work', label: offerKinds.more_work },
              { id: 'permanent_role', label: offerKinds.permanent_role },
            ]}
            value={offerKind}
            onChange={setOfferKind}
          />
          {offerKind === 'none' ? null : (
            <TextArea
              label="The offer in a few words"
              value={offerText}
              onChange={setOfferText}
              rows={2}
              maxLength={5000}
              placeholder="Ten hours a week from September. Write to me."
            />
          )}
        </>
      ) : (
        <RadioGroup
          label="Would you work with them again?"
          isRow
          options={[
            { id: 'none', label: 'Not said' },
            { id: 'yes', label: 'Yes' },
            { id: 'no', label: 'No' },
          ]}
          value={again}
          onChange={setAgain}
        />
      )}
      {wasTried && isEmpty ? (
        <p className={formStyles.error} role="alert">
          Say at least one thing.
        </p>
      ) : null}
    </TaskFormDialog>
  );
}
