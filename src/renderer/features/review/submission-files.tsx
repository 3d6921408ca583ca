import { useRef, useState } from 'react';
import { ChevronRight, Download } from 'lucide-react';
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { FileItem, Submission } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { formatBytes } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Mark } from '../../ui/mark.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TransferProgress } from '../../ui/progress-bar.tsx';
import { Muted } from '../../ui/stack.tsx';
import { PlaceList } from '../annotations/place-list.tsx';
import { FileWays, startFileDrag } from '../tasks/file-ways.tsx';
import { computeFirstName } from './describe-submission.ts';
import { FilePreview } from './file-preview.tsx';
import { computePreviewKind } from './preview-kind.ts';
import { CriterionField, RemarkButton, RemarkField, useRemark } from './remark-field.tsx';
import { Remark } from './remark.tsx';
import { fileKey, findRemark, type DraftControl, type DraftRemark } from './review-draft.ts';
import { useFilePlaces } from './use-file-places.tsx';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { FileName } from '../../ui/file-name.tsx';
import spokenStyles from '../../ui/spoken.module.css';
import saveStyles from '../../ui/save-link.module.css';
import styles from './submission-files.module.css';

/** As many previews stand open at first; pictures always do. */
const openAtFirst = 3;
const openKinds = new Set(['image', 'drawing']);

export interface SubmissionFilesProps {
  readonly submission: Submission;
  readonly control: DraftControl | undefined;
}

export function SubmissionFiles({ submission, control }: SubmissionFilesProps) {
  const { files, seatId, internName } = submission;
  const listRef = useRef<HTMLDivElement>(null);
  useShortcut(
    { keys: ['F'], label: 'Go to the files', group: 'Reviewing' },
    () => listRef.current?.querySelector<HTMLElement>('h3 button')?.focus(),
    files.length > 0,
  );
  const awaited = files.filter((file) => !file.isOnServer && !file.isHere);
  if (files.length === 0) return <Muted>No files; the note is all of it.</Muted>;
  return (
    <div ref={listRef} className={styles.files}>
      {awaited.length === 0 ? null : (
        <Notice
          title={awaited.length === 1 ? 'Awaiting one file' : `Awaiting ${awaited.length} files`}
          tone="accent"
        >
          {awaited.map(({ name }) => computeReadableName(name)).join(', ')}{' '}
          {awaited.length === 1 ? 'is' : 'are'} still on {computeFirstName(internName)}’s computer
          and will follow by {awaited.length === 1 ? 'itself' : 'themselves'}. What was handed in is
          fixed already.
        </Notice>
      )}
      {files.map((file, index) => (
        <FileCard
          key={file.attachmentId}
          seatId={seatId}
          file={file}
          internName={internName}
          submission={submission}
          control={control}
          isOpenAtFirst={
            index < openAtFirst || openKinds.has(computePreviewKind(file.mediaType, file.name))
          }
        />
      ))}
    </div>
  );
}

interface FileCardProps extends SubmissionFilesProps {
  readonly seatId: string;
  readonly file: FileItem;
  readonly internName: string;
  readonly isOpenAtFirst: boolean;
}

function FileCard({ seatId, file, internName, submission, control, isOpenAtFirst }: FileCardProps) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const key = fileKey(file.attachmentId);
  const written = control === undefined ? undefined : findRemark(control.draft, key);
  const remark = useRemark(written?.text ?? '');
  const { places, items } = useFilePlaces({ submission, file, control });
  const { criteria } = submission.brief;
  const write = (patch: Pick<DraftRemark, 'text'> | Pick<DraftRemark, 'criterionId'>) =>
    control?.writeRemark({
      key,
      criterionId: null,
      attachmentId: file.attachmentId,
      selectors: [],
      text: '',
      ...written,
      ...patch,
    });
  return (
    <Disclosure isExpanded={isOpen} onExpandedChange={setIsOpen} className={cx(styles.file)}>
      <div className={styles.line}>
        <Heading level={3} className={cx(styles.heading)}>
          <AriaButton slot="trigger" className={cx(styles.trigger)}>
            <ChevronRight aria-hidden className={styles.chevron} />
            <span className={styles.name}>
              <FileName name={file.name} />
            </span>
          </AriaButton>
        </Heading>
        <span className={styles.size}>{formatBytes(file.sizeBytes)}</span>
        <FileMark file={file} />
        <FileWays seatId={seatId} file={file} />
        {file.isHere ? (
          <a
            className={saveStyles.save}
            draggable
            onDragStart={(event) => startFileDrag(event, seatId, file)}
            href={`${hostPaths.file(seatId, file.attachmentId)}?download=1`}
            download={file.name}
            title={`Save ${isolate(computeReadableName(file.name))}`}
          >
            <Download aria-hidden />
            <span className={spokenStyles.spoken}>Save {computeReadableName(file.name)}</span>
          </a>
        ) : null}
        {control === undefined ? null : <RemarkButton remark={remark} subject={file.name} />}
      </div>
      <DisclosurePanel className={cx(styles.panel)}>
        {isOpen ? (
          <div className={styles.contents}>
            {file.isHere ? (
              <FilePreview seatId={seatId} file={file} places={places} />
            ) : (
              <NotHere seatId={seatId} file={file} internName={internName} />
            )}
          </div>
        ) : null}
      </DisclosurePanel>
      <PlaceList
        label={`Comments in ${isolate(computeReadableName(file.name))}`}
        items={items}
        activeId={places.activeId}
        onActivate={(id) => {
          setIsOpen(true);
          places.onActivate(id);
        }}
      />
      <div className={styles.remarks}>
        {submission.reviews.flatMap((review) =>
          review.comments
            .filter(
              ({ attachmentId, selectors }) =>
                attachmentId === file.attachmentId && selectors.length === 0,
            )
            .map((comment) => (
              <Remark key={comment.id} by={review.reviewerName} text={comment.text} />
            )),
        )}
        {control === undefined ? null : (
          <RemarkField
            remark={remark}
            subject={file.name}
            text={written?.text ?? ''}
            onChange={(text) => write({ text })}
          />
        )}
        {written === undefined || written.text === '' ? null : (
          <CriterionField
            criteria={criteria}
            criterionId={written.criterionId}
            onChange={(criterionId) => write({ criterionId })}
          />
        )}
      </div>
    </Disclosure>
  );
}

function FileMark({ file }: { readonly file: FileItem }) {
  if (file.movedBytes !== null && !file.isHere) {
    return (
      <Mark state="file" fraction={file.movedBytes / Math.max(file.sizeBytes, 1)} isLabelled />
    );
  }
  return null;
}

function NotHere({
  seatId,
  file,
  internName,
}: {
  readonly seatId: string;
  readonly file: FileItem;
  readonly internName: string;
}) {
  const fetchFile = useAction('files.fetch', { failure: 'The file was not fetched' });
  if (file.movedBytes !== null && file.direction === 'down') {
    return (
      <TransferProgress
        label="On its way to this computer"
        sentBytes={file.movedBytes}
        totalBytes={file.sizeBytes}
      />
    );
  }
  if (!file.isOnServer) {
    return (
      <p className={styles.absent}>
        Awaiting this file from {computeFirstName(internName)}’s computer. It follows by itself.
      </p>
    );
  }
  return (
    <div className={styles.absent}>
      <p>This file is on the server and not on this computer yet. It comes by itself.</p>
      <Button
        size="small"
        isPending={fetchFile.isPending}
        onPress={() => fetchFile.mutate({ seatId, attachmentId: file.attachmentId })}
      >
        Fetch it first
      </Button>
    </div>
  );
}
