import { Copy, Download, Package } from 'lucide-react';
import { Link } from 'wouter';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { formatBytes } from '../../format/numbers.ts';
import { formatDuration } from '../../format/duration.ts';
import { engagementPath } from '../../routes.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import { describePay, engagementStatuses } from '../projects/describe-project.ts';
import styles from './bundles.module.css';

export interface BundleEngagementProps {
  readonly engagement: Engagement;
  readonly onComplete: () => void;
}

/** One engagement with what its bundle would hold, the export, and its result. */
export function BundleEngagement({ engagement, onComplete }: BundleEngagementProps) {
  const { seatId, engagementId, intern, status, acceptedCount, taskCount, budget } = engagement;
  const exporting = useAction('bundle.export', { isInline: true });
  return (
    <div className={styles.engagement}>
      <div className={styles.head}>
        <div className={styles.who}>
          <Link href={engagementPath(engagementId)} className={styles.name}>
            {intern.name}
          </Link>
          <Muted>{engagement.projectTitle}</Muted>
          <Badge tone={engagementStatuses[status].tone}>{engagementStatuses[status].label}</Badge>
        </div>
        <div className={styles.actions}>
          {status === 'active' ? <Button onPress={onComplete}>Complete…</Button> : null}
          <Button
            variant={status === 'completed' ? 'primary' : 'secondary'}
            icon={<Package />}
            isPending={exporting.isPending}
            onPress={() => exporting.mutate({ seatId, engagementId })}
          >
            {exporting.isPending ? 'Exporting…' : 'Export'}
          </Button>
        </div>
      </div>
      <p className={styles.contents}>
        <Muted>
          {acceptedCount} of {taskCount} tasks accepted ·{' '}
          {formatDuration(budget.workedSeconds * 1000)} worked · {describePay(engagement.pay)}
        </Muted>
      </p>
      {exporting.isPending ? (
        <output className={styles.progress}>
          <span className={styles.bar} aria-hidden />
          <Muted>
            Collecting the files and writing the bundle. You can go elsewhere; it appears below.
          </Muted>
        </output>
      ) : null}
      {exporting.isError ? (
        <ErrorNotice
          error={exporting.error}
          title="The bundle was not exported. Nothing was changed."
          onRetry={() => exporting.mutate({ seatId, engagementId })}
        />
      ) : null}
      {exporting.isSuccess ? <Result result={exporting.data} /> : null}
    </div>
  );
}

function Result({ result }: { readonly result: RequestOutput<'bundle.export'> }) {
  const { fileName, path, sizeBytes, sha256, missing } = result;
  const { copyText, fallback } = useCopyText();
  return (
    <>
      {missing.length === 0 ? null : (
        <Notice
          tone="warning"
          title={
            missing.length === 1 ? 'One file is missing' : `${missing.length} files are missing`
          }
        >
          {missing.join(', ')}. {missing.length === 1 ? 'It has' : 'They have'} not reached the
          server or could not be fetched. The bundle says so; export it again when{' '}
          {missing.length === 1 ? 'it is' : 'they are'} here.
        </Notice>
      )}
      <Notice
        tone={missing.length === 0 ? 'positive' : 'neutral'}
        title={fileName}
        isLive
        action={
          <a className={styles.save} href={hostPaths.exported(fileName)} download={fileName}>
            <Download aria-hidden /> Save
          </a>
        }
      >
        <dl className={styles.facts}>
          <dt>Size</dt>
          <dd>{formatBytes(sizeBytes)}</dd>
          <dt>SHA-256</dt>
          <dd className={styles.hashLine}>
            <code className={styles.hash}>{sha256}</code>
            <IconButton
              label="Copy the hash"
              icon={<Copy />}
              size="small"
              onPress={() => copyText(sha256, 'Hash')}
            />
          </dd>
          <dt>Kept at</dt>
          <dd>
            <code className={styles.hash}>{path}</code>
          </dd>
        </dl>
      </Notice>
      {fallback}
    </>
  );
}
