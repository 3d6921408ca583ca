import { useState, type DragEvent } from 'react';
import { ExternalLink, FolderOpen } from 'lucide-react';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { canRun, isProgram } from '../../../shared/domain/runnable-types.ts';
import { computeSafeFileName } from '../../../shared/domain/safe-file-name.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { request } from '../../client/host.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface FileWaysProps {
  readonly seatId: string;
  readonly file: FileItem;
}

/** Opening a file with another program and showing it in its folder, where the host has a desktop. */
export function FileWays({ seatId, file }: FileWaysProps) {
  const ways = useRequest('files.ways', {});
  const [isWarning, setIsWarning] = useState(false);
  const name = computeReadableName(file.name);
  const open = useAction('files.open', { failure: `“${isolate(name)}” was not opened` });
  const show = useAction('files.show', { failure: `“${isolate(name)}” was not shown` });
  if (ways.data === undefined || !file.isHere) return null;
  const key = { seatId, attachmentId: file.attachmentId };
  return (
    <>
      {ways.data.canOpen && !isProgram(file.name) ? (
        <IconButton
          size="small"
          label={`Open “${isolate(name)}” with another program`}
          icon={<ExternalLink />}
          onPress={() =>
            canRun(file.name) ? setIsWarning(true) : open.mutate({ ...key, isWarned: false })
          }
        />
      ) : null}
      {ways.data.canShow ? (
        <IconButton
          size="small"
          label={`Show “${isolate(name)}” in its folder`}
          icon={<FolderOpen />}
          onPress={() => show.mutate(key)}
        />
      ) : null}
      <Dialog
        isOpen={isWarning}
        onOpenChange={setIsWarning}
        title={`Open “${isolate(name)}”?`}
        size="small"
        isAlert
        footer={
          <>
            <Button onPress={() => setIsWarning(false)}>Do not open</Button>
            <Button
              variant="danger"
              onPress={() => {
                setIsWarning(false);
                open.mutate({ ...key, isWarned: true });
              }}
            >
              Open it
            </Button>
          </>
        }
      >
        <p>
          A file of this kind can run on your computer, with everything that you may do there. Open
          it only if you know who made it and expected it. Looking at it here runs nothing.
        </p>
      </Dialog>
    </>
  );
}

/**
 * Out of the window and onto the desktop. A browser is told an address to save from; the desktop app takes the drag
 * over with a copy in its hand.
 */
export function startFileDrag(event: DragEvent, seatId: string, file: FileItem): void {
  if ('stint' in globalThis) {
    event.preventDefault();
    void request('files.drag', { seatId, attachmentId: file.attachmentId }).catch(() => {});
    return;
  }
  const path = `${hostPaths.file(seatId, file.attachmentId)}?download=1`;
  const address = new URL(path, globalThis.location.href).href;
  event.dataTransfer.effectAllowed = 'copy';
  event.dataTransfer.setData(
    'DownloadURL',
    `${file.mediaType}:${computeSafeFileName(file.name).replaceAll(':', '_')}:${address}`,
  );
}
