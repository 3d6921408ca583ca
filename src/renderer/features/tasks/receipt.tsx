import type { Submission } from '../../../shared/contract/shapes.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatBytes } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { TimeEvidence } from '../lateness/time-evidence.tsx';
import { describeSubmissionMark, describeVerdict } from './submission-texts.ts';
import { FileName } from '../../ui/file-name.tsx';
import styles from './receipt.module.css';

/** That it arrived, by two clocks, with the verdict; the hashes are there for who wants to check. */
export function Receipt({ submission }: { readonly submission: Submission }) {
  const verdict = describeVerdict(submission);
  const { receipt, receivedAt, isAwaitingFiles, files } = submission;
  return (
    <div className={styles.receipt}>
      <p>
        <Badge tone={verdict.tone}>{verdict.text}</Badge>{' '}
        <span className={styles.reason}>{verdict.reason}</span>
      </p>
      <TimeEvidence submission={submission} owner={{ name: 'your computer' }} />
      {submission.marks.map((mark) => (
        <p key={mark} className={styles.mark}>
          {describeSubmissionMark(mark, submission)}
        </p>
      ))}
      {isAwaitingFiles && receivedAt !== null ? (
        <p className={styles.mark}>
          The submission is on the server with its time and its list of files; the files themselves
          follow.
        </p>
      ) : null}
      <details className={styles.details}>
        <summary>Details{receipt === null ? '' : ' of the receipt'}</summary>
        <dl className={styles.hashes}>
          <div>
            <dt>Manifest, SHA-256</dt>
            <dd>{submission.manifestHash}</dd>
          </div>
          {files.map((file) => (
            <div key={file.attachmentId}>
              <dt>
                <FileName name={file.name} />, {formatBytes(file.sizeBytes)}
              </dt>
              <dd>{file.sha256}</dd>
            </div>
          ))}
          {receipt === null ? null : (
            <>
              <div>
                <dt>Issued by the server</dt>
                <dd>{formatDateTime(receipt.issuedAt)}</dd>
              </div>
              <div>
                <dt>Signature (Ed25519), key {receipt.keyId}</dt>
                <dd>{receipt.signature}</dd>
              </div>
            </>
          )}
        </dl>
      </details>
    </div>
  );
}
