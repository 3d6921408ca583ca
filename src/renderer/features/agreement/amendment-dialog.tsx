import { useId, useState } from 'react';
import type { RequestInput } from '../../../shared/contract/contract.ts';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { computeCurrencyDigits } from '../../format/money.ts';
import { Button } from '../../ui/button.tsx';
import { DateField } from '../../ui/date-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { HoursField } from '../../ui/hours-field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Muted } from '../../ui/stack.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { computeAmountMinor, findAmountError } from '../projects/project-form-values.ts';
import { ChangedMeanwhile } from '../projects/changed-meanwhile.tsx';
import { CurrencyField } from '../projects/currency-field.tsx';
import formStyles from '../projects/form.module.css';
import { describeMinutes } from '../projects/describe-project.ts';
import {
  type AmendableTerms,
  computeAmendable,
  listMeanwhileAgreed,
  listOtherFields,
} from './amendable-terms.ts';

export interface AmendmentDialogProps {
  readonly engagement: Engagement;
  /** Who is asked: the intern's name, or the organization's. */
  readonly otherSide: string;
  /** The task that gives rise to it. */
  readonly taskId?: string;
  readonly title?: string;
  /** What the form begins with, where the person came with something in mind. */
  readonly initial?: {
    readonly hourBudgetMinutes?: number;
    readonly endsOn?: string;
    readonly scope?: string;
    readonly reason?: string;
  };
  readonly onClose: () => void;
  readonly onProposed?: (amendmentId: string) => void;
}

/** Proposes to the other side to change what was agreed. What is left as it is is no part of it. */
export function AmendmentDialog({
  engagement,
  otherSide,
  taskId,
  title = 'Propose a change to what was agreed',
  initial = {},
  onClose,
  onProposed,
}: AmendmentDialogProps) {
  const { seatId, engagementId, budget } = engagement;
  const formId = useId();
  // As it was opened: what is agreed otherwise meanwhile is not to be taken back by what was left alone here.
  const [opened] = useState(() => computeAmendable(engagement));
  const { pay } = opened;
  const [hours, setHours] = useState((initial.hourBudgetMinutes ?? opened.hourBudgetMinutes) / 60);
  const [isPaid, setIsPaid] = useState(pay.kind === 'fixed');
  const [currency, setCurrency] = useState(pay.kind === 'fixed' ? pay.currency : 'EUR');
  const digits = computeCurrencyDigits(currency);
  const [amount, setAmount] = useState(
    pay.kind === 'fixed' ? pay.amountMinor / 10 ** digits : Number.NaN,
  );
  const [startsOn, setStartsOn] = useState(opened.startsOn);
  const [endsOn, setEndsOn] = useState(initial.endsOn ?? opened.endsOn);
  const [scope, setScope] = useState(initial.scope ?? opened.scope);
  const [reason, setReason] = useState(initial.reason ?? '');
  // The number itself is known when it is finished; that somebody writes one is known before.
  const [typing, setTyping] = useState<'hourBudgetMinutes' | 'pay' | null>(null);
  const [wasTried, setWasTried] = useState(false);
  const propose = useAction('amendment.propose', {
    isInline: true,
    onSuccess: ({ amendmentId }) => {
      showToast({
        title: `${otherSide} will be asked`,
        description: 'Nothing changes until they confirm.',
      });
      onProposed?.(amendmentId);
      onClose();
    },
  });

  const amountError = isPaid ? findAmountError(amount, currency) : undefined;
  const written: Partial<AmendableTerms> = {
    ...(Number.isNaN(hours) ? {} : { hourBudgetMinutes: Math.round(hours * 60) }),
    ...(isPaid
      ? amountError === undefined
        ? { pay: { kind: 'fixed', amountMinor: computeAmountMinor(amount, currency), currency } }
        : {}
      : { pay: { kind: 'unpaid' } }),
    startsOn,
    endsOn,
    ...(scope.trim() === '' ? {} : { scope: scope.trim() }),
  };
  const changed = listOtherFields(opened, written);
  const changes: RequestInput<'amendment.propose'>['changes'] = Object.fromEntries(
    changed.map((field) => [field, written[field]]),
  );
  const errors = {
    hours: Number.isNaN(hours) || hours < 0.25 ? 'Say how many hours it may take.' : undefined,
    amount: amountError,
    endsOn: endsOn < startsOn ? 'The end lies before the beginning.' : undefined,
    reason: reason.trim() === '' ? `Say why; ${otherSide} reads it.` : undefined,
  };
  const isNothing = changed.length === 0;
  const submit = () => {
    setWasTried(true);
    if (isNothing || Object.values(errors).some((error) => error !== undefined)) return;
    propose.mutate({
      seatId,
      engagementId,
      ...(taskId === undefined ? {} : { taskId }),
      reason: reason.trim(),
      changes,
    });
  };
  const shown = (error: string | undefined) => (wasTried ? error : undefined);

  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={title}
      isForm
      footer={
        <>
          <Button onPress={onClose}>Leave it as it is</Button>
          <Button variant="primary" type="submit" form={formId} isDisabled={propose.isPending}>
            Propose
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={formStyles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!propose.isPending) submit();
        }}
      >
        <Muted>
          Change only what should be different. It is agreed once {otherSide} confirms; until then
          everything stays as it is.
        </Muted>
        <ChangedMeanwhile
          changes={listMeanwhileAgreed(
            opened,
            computeAmendable(engagement),
            typing === null ? changed : [...changed, typing],
          )}
        />
        <TextArea
          label="Why"
          value={reason}
          onChange={setReason}
          rows={2}
          maxLength={2000}
          placeholder="The list turned out twice as long as we thought."
          error={shown(errors.reason) ?? describeFieldError(propose.error, 'reason')}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
          autoFocus
        />
        <div className={formStyles.pair}>
          <HoursField
            label="Hour budget"
            value={hours}
            onChange={setHours}
            onType={() => setTyping('hourBudgetMinutes')}
            onBlur={() => setTyping(null)}
            unit="hours"
            description={`${describeMinutes(budget.budgetMinutes)} agreed so far, ${describeMinutes(Math.round(budget.coveredSeconds / 60))} worked`}
            error={
              shown(errors.hours) ?? describeFieldError(propose.error, 'changes.hourBudgetMinutes')
            }
          />
        </div>
        <RadioGroup
          label="Pay"
          isRow
          options={[
            { id: 'fixed', label: 'A fixed sum' },
            { id: 'unpaid', label: 'Unpaid' },
          ]}
          value={isPaid ? 'fixed' : 'unpaid'}
          onChange={(kind) => setIsPaid(kind === 'fixed')}
        />
        {isPaid ? (
          <div className={formStyles.pair}>
            <NumberField
              label="Sum for the whole project"
              value={amount}
              onChange={setAmount}
              onType={() => setTyping('pay')}
              onBlur={() => setTyping(null)}
              minValue={0}
              formatOptions={{ minimumFractionDigits: 0, maximumFractionDigits: digits }}
              error={shown(errors.amount) ?? describeFieldError(propose.error, 'changes.pay')}
            />
            <CurrencyField label="Currency" value={currency} onChange={setCurrency} />
          </div>
        ) : null}
        <div className={formStyles.pair}>
          <DateField label="Begins" value={startsOn} onChange={setStartsOn} />
          <DateField
            label="Ends"
            value={endsOn}
            onChange={setEndsOn}
            error={shown(errors.endsOn) ?? describeFieldError(propose.error, 'changes.endsOn')}
          />
        </div>
        <TextArea
          label="What the work covers"
          isOptional
          description="What comes on top of the project’s brief, or falls away."
          value={scope}
          onChange={setScope}
          rows={3}
          error={describeFieldError(propose.error, 'changes.scope')}
        />
        {wasTried && isNothing ? (
          <p className={formStyles.error} role="alert">
            Nothing would change yet: this is what is agreed already.
          </p>
        ) : null}
        {propose.error === null ? null : (
          <ErrorNotice error={propose.error} title="Not proposed. What you typed is still here." />
        )}
      </form>
    </Dialog>
  );
}
