import { useState } from 'react';
import { Download } from 'lucide-react';
import { useLocation, useParams } from 'wouter';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatBytes } from '../../format/numbers.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FileName } from '../../ui/file-name.tsx';
import { describeUnsent } from './describe-unsent.ts';
import styles from './vault-screen.module.css';

type VaultDetail = RequestOutput<'vault.get'>;

/** `/kept/SEAT/TASK`: what is kept on this computer of a task that has left the person's sight. */
export function VaultScreen() {
  const [seatId = '', vaultId = ''] = (useParams<{ '*'?: string }>()['*'] ?? '').split('/');
  const [, navigate] = useLocation();
  const detail = useRequest('vault.get', { seatId, vaultId });
  if (detail.isError)
    return (
      <EmptyState
        title="Nothing is kept here"
        action={<Button onPress={() => navigate('/waiting')}>Synchronisation</Button>}
      >
        It was removed, or the task is in your sight again and its draft has been put back.
      </EmptyState>
    );
  if (detail.isPending) return <Skeleton lines={8} label="Opening what is kept" />;
  return <VaultDetailView detail={detail.data} />;
}

function VaultDetailView({ detail }: { readonly detail: VaultDetail }) {
  const { item, note, criteria, files, unsent, instructions } = detail;
  const { seatId, vaultId } = item;
  const [, navigate] = useLocation();
  const [isRemoving, setIsRemoving] = useState(false);
  const [exported, setExported] = useState<RequestOutput<'vault.export'>>();
  const exportItem = useAction('vault.export', {
    failure: 'Not exported',
    onSuccess: (output) => setExported(output),
  });
  const remove = useAction('vault.remove', {
    failure: 'Not removed',
    onSuccess: () => navigate('/waiting'),
  });
  return (
    <Page
      title={item.taskTitle}
      width="reading"
      lead={<BackLink href="/waiting">Kept on this computer</BackLink>}
      actions={
        <>
          <Button
            variant="primary"
            icon={<Download />}
            isPending={exportItem.isPending}
            onPress={() => exportItem.mutate({ seatId, vaultId })}
          >
            Export
          </Button>
          <Button variant="quiet" onPress={() => setIsRemoving(true)}>
            Remove…
          </Button>
        </>
      }
    >
      <p className={styles.quiet}>
        {[item.organizationName, item.projectTitle].filter((part) => part !== '').join(', ')}. You
        have not seen this task since {formatDateTime(item.movedAt)}. What you had prepared is here,
        as you left it. If you get access again, the draft is put back by itself.
      </p>
      {exported === undefined ? null : (
        <Notice tone="positive" title="Exported" isLive>
          <a href={hostPaths.exported(exported.fileName)} download={exported.fileName}>
            {exported.fileName}
          </a>
          , {formatBytes(exported.sizeBytes)}, in {exported.path}
        </Notice>
      )}
      {note.trim() === '' ? null : (
        <Section title="Note">
          <Markdown text={note} />
        </Section>
      )}
      {files.length === 0 ? null : (
        <Section title={`Files: ${files.length}`}>
          <ul className={styles.list}>
            {files.map((file) => (
              <li key={file.attachmentId}>
                {file.isHere ? (
                  <a
                    href={`${hostPaths.file(seatId, file.attachmentId)}?download=1`}
                    download={file.name}
                  >
                    <FileName name={file.name} />
                  </a>
                ) : (
                  <span>
                    <FileName name={file.name} /> (not on this computer)
                  </span>
                )}
                <span className={styles.quiet}>{formatBytes(file.sizeBytes)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {unsent.length === 0 ? null : (
        <Section title={`Not sent in time: ${unsent.length}`}>
          <ul className={styles.list}>
            {unsent.map((change) => (
              <li key={change.mutationId}>
                <span>{describeUnsent(change)}</span>
                <span className={styles.quiet}>{change.outcome}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {criteria.length === 0 ? null : (
        <Section title="Criteria">
          <ul className={styles.list}>
            {criteria.map((criterion) => (
              <li key={criterion.id}>
                <span>{criterion.text}</span>
                <span className={styles.quiet}>{criterion.isTicked ? 'ticked' : 'not ticked'}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {instructions === '' ? null : (
        <Section title="What was asked">
          <Markdown text={instructions} />
        </Section>
      )}
      <Dialog
        isOpen={isRemoving}
        onOpenChange={setIsRemoving}
        title="Remove it from this computer?"
        size="small"
        isAlert
        footer={
          <>
            <Button onPress={() => setIsRemoving(false)}>Keep it</Button>
            <Button
              variant="danger"
              isPending={remove.isPending}
              onPress={() => remove.mutate({ seatId, vaultId })}
            >
              Remove
            </Button>
          </>
        }
      >
        <p>
          The note and the list of files go, and cannot be brought back
          {item.exportedAt === null ? '; nothing of it has been exported yet' : ''}. Changes that
          were not sent stay on the list of what needs your attention.
        </p>
      </Dialog>
    </Page>
  );
}
