import type { OpenedBundle } from '../../../shared/contract/opened-bundle-requests.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Notice } from '../../ui/notice.tsx';
import styles from './opened-bundle.module.css';

/** Whether the bundle is what it was when it was made, and what the signatures in it prove. */
export function BundleCheck({ check }: { readonly check: OpenedBundle['check'] }) {
  switch (check.kind) {
    case 'checking':
      return (
        <Notice title="Checking every file…" isLive>
          You can read it meanwhile.
        </Notice>
      );
    case 'unreadable':
      return (
        <Notice tone="negative" title="The bundle could not be checked" isLive>
          {check.message}. What is shown may not be what was exported.
        </Notice>
      );
    case 'checked':
      return check.isWhole ? (
        <Notice
          tone="positive"
          title={`Whole: ${formatPlural(check.fileCount, 'file', 'files')}, ${formatBytes(check.sizeBytes)}`}
          isLive
        >
          {describeReceipts(check)}
        </Notice>
      ) : (
        <Notice
          tone="negative"
          title={`Not as it was made: ${formatPlural(check.problemCount, 'problem', 'problems')}`}
          isLive
        >
          <p>Ask whoever gave it to you for another copy. What is wrong with this one:</p>
          <ul className={styles.problems}>
            {listProblems(check).map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      );
  }
}

type Checked = Extract<OpenedBundle['check'], { kind: 'checked' }>;

function describeReceipts({ validReceipts, redactedReceipts, keyIds }: Checked): string {
  const sentences = [
    validReceipts === 0
      ? ''
      : `${formatPlural(validReceipts, 'receipt is', 'receipts are')} signed by the server with the key ${keyIds.join(', ')}.`,
    redactedReceipts === 0
      ? ''
      : `${formatPlural(redactedReceipts, 'receipt', 'receipts')} can’t be checked, since names were taken out.`,
    validReceipts + redactedReceipts === 0 ? 'There are no receipts in it.' : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function listProblems({ missing, changed, extra, problems }: Checked): string[] {
  return [
    ...missing.map((path) => `Missing: ${path}`),
    ...changed.map((path) => `Changed: ${path}`),
    ...extra.map((path) => `Added afterwards: ${path}`),
    ...problems,
  ];
}
