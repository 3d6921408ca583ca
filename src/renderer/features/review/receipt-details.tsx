import { Copy } from 'lucide-react';
import type { Submission } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { Button } from '../../ui/button.tsx';
import { Muted } from '../../ui/stack.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import { TimeEvidence } from '../lateness/time-evidence.tsx';
import styles from './receipt-details.module.css';

/** The server's signed statement that this revision arrived, and what it names. */
export function ReceiptDetails({ submission }: { readonly submission: Submission }) {
  const { receipt, manifestHash, internName } = submission;
  const { copyText, fallback } = useCopyText();
  const evidence = (
    <TimeEvidence
      submission={submission}
      owner={{
        name: internName === '' ? 'the intern’s computer' : `${isolate(internName)}’s computer`,
      }}
    />
  );
  if (receipt === null) {
    return (
      <div className={styles.receipt}>
        {evidence}
        <Muted>The server’s receipt is not here yet. It comes by itself.</Muted>
      </div>
    );
  }
  const copy = () =>
    copyText(
      JSON.stringify(
        {
          statement: receipt.statementJson,
          keyId: receipt.keyId,
          signature: receipt.signature,
        },
        null,
        2,
      ),
      'Receipt',
    );
  return (
    <div className={styles.receipt}>
      {evidence}
      <dl className={styles.facts}>
        <dt>Contents</dt>
        <dd className={styles.code} title={manifestHash}>
          {manifestHash.slice(0, 16)}…
        </dd>
        <dt>Signed with</dt>
        <dd className={styles.code} title={receipt.keyId}>
          {receipt.keyId.length > 18 ? `${receipt.keyId.slice(0, 16)}…` : receipt.keyId}
        </dd>
      </dl>
      <Button size="small" icon={<Copy />} onPress={copy}>
        Copy the receipt
      </Button>
      {fallback}
    </div>
  );
}
