import { useState } from 'react';
import { Package } from 'lucide-react';
import { useLocation } from 'wouter';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { wholeBundle } from '../../../shared/domain/bundle-options.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Muted } from '../../ui/stack.tsx';
import { EngagementChoice } from './engagement-choice.tsx';
import { RevisionChoice } from './revision-choice.tsx';
import styles from './export-dialog.module.css';

/** Where single ones are chosen, the choice itself says which. */
type Revisions = (typeof wholeBundle)['revisions'] | 'chosen';

const revisionOptions = [
  { id: 'all', label: 'All revisions' },
  { id: 'accepted', label: 'Accepted revisions only' },
  { id: 'newest', label: 'The newest of each task only' },
  { id: 'chosen', label: 'Single ones…' },
] as const satisfies readonly { id: Revisions; label: string }[];

export interface ExportDialogProps {
  readonly seatId: string;
  /** Chosen when it opens. */
  readonly engagementIds: readonly string[];
  readonly onClose: () => void;
}

/** What goes into a bundle. The export itself runs in the background, under Bundles. */
export function ExportDialog({ seatId, engagementIds: given, onClose }: ExportDialogProps) {
  const [, navigate] = useLocation();
  const people = useRequest('people.list', { seatId });
  const engagements = (people.data?.engagements ?? []).filter(isExportable);
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set(given));
  const [revisions, setRevisions] = useState<Revisions>('all');
  const [submissionIds, setSubmissionIds] = useState<ReadonlySet<string>>(new Set());
  const [hours, setHours] = useState(true);
  const [evaluations, setEvaluations] = useState(true);
  const [redactsNames, setRedactsNames] = useState(false);

  // In the order of the list, so that the same choice is the same bundle.
  const engagementIds = engagements
    .map(({ engagementId }) => engagementId)
    .filter((id) => chosenIds.has(id));
  const options = {
    revisions: revisions === 'chosen' ? wholeBundle.revisions : revisions,
    submissionIds: revisions === 'chosen' ? [...submissionIds] : null,
    hours,
    evaluations,
    redactsNames,
  };
  const measured = useRequest(
    'bundles.measure',
    engagementIds.length === 0 ? undefined : { seatId, engagementIds, options },
    { keepsPrevious: true },
  );
  const begin = useAction('bundle.begin', {
    isInline: true,
    onSuccess: () => {
      onClose();
      navigate('/bundles');
    },
  });
  const isNothingChosen =
    engagementIds.length === 0 || (revisions === 'chosen' && submissionIds.size === 0);
  const submit = () => begin.mutate({ seatId, engagementIds, options });

  return (
    <Dialog
      isOpen
      isForm
      onOpenChange={onClose}
      title="Export a bundle"
      footer={
        <>
          <output className={styles.estimate}>
            {isNothingChosen ? (
              <Muted>Nothing is chosen yet</Muted>
            ) : (
              <Estimate measured={measured.data} />
            )}
          </output>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            icon={<Package />}
            isDisabled={isNothingChosen || begin.isPending}
            onPress={submit}
          >
            Export
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <EngagementChoice engagements={engagements} chosenIds={chosenIds} onChange={setChosenIds} />
        <RadioGroup
          label="Work handed in"
          options={revisionOptions}
          value={revisions}
          onChange={setRevisions}
        />
        {revisions === 'chosen' ? (
          <RevisionChoice
            revisions={measured.data?.revisions ?? []}
            hasSeveralPeople={engagementIds.length > 1}
            chosenIds={submissionIds}
            onChange={setSubmissionIds}
          />
        ) : null}
        <Muted>
          Always in it: the report as a page and as a PDF, the brief and its versions, receipts,
          reviews, and all of it as data.
        </Muted>
        <fieldset className={styles.group}>
          <legend>With it</legend>
          <Checkbox isSelected={hours} onChange={setHours}>
            Hours and timesheets
          </Checkbox>
          <Checkbox isSelected={evaluations} onChange={setEvaluations}>
            Evaluations that both sides may read
          </Checkbox>
          <Checkbox
            isSelected={redactsNames}
            onChange={setRedactsNames}
            description="In everything Stint writes, not inside the files. A receipt that names somebody can’t be checked then."
          >
            Replace people’s names by invented ones
          </Checkbox>
        </fieldset>
        {begin.isError ? (
          <ErrorNotice
            error={begin.error}
            title="The export did not begin. Nothing was changed."
            onRetry={submit}
          />
        ) : null}
      </div>
    </Dialog>
  );
}

/** What nobody has agreed to has nothing in it. */
export function isExportable({ status, agreedAt }: Engagement): boolean {
  return status !== 'invited' && agreedAt !== null;
}

interface EstimateProps {
  readonly measured:
    | { readonly fileCount: number; readonly sizeBytes: number; readonly toFetchBytes: number }
    | undefined;
}

function Estimate({ measured }: EstimateProps) {
  if (measured === undefined) return <Muted>Measuring…</Muted>;
  const { fileCount, sizeBytes, toFetchBytes } = measured;
  return (
    <Muted>
      {fileCount === 0
        ? 'Reports (HTML and PDF) and tables only, no files'
        : `About ${formatBytes(sizeBytes)}, ${formatPlural(fileCount, 'file', 'files')}`}
      {toFetchBytes === 0 ? '' : `; ${formatBytes(toFetchBytes)} fetched from the server first`}
    </Muted>
  );
}
