import { app, BrowserWindow, type DownloadItem, type Session, shell } from 'electron';
import { StintError } from '../../shared/errors.ts';
import { markAsForeign } from '../hosting/foreign-mark.ts';

// Whoever made a file, it leaves the program as somebody else's: also the intern's own may have been fetched from
// anywhere, and the mark that it had then was lost when its content was taken in.

/** @throws StintError `unavailable` where the system has no application for it */
export async function openPath(file: string): Promise<void> {
  await markAsForeign(file);
  const failure = await shell.openPath(file);
  if (failure !== '')
    throw new StintError(
      'unavailable',
      'this computer has no program that opens this file; save it, and choose one yourself',
    );
}

export async function showInFolder(file: string): Promise<void> {
  await markAsForeign(file);
  shell.showItemInFolder(file);
}

/** What is dropped is a copy of the file, which takes its mark along. */
export async function startDrag(file: string): Promise<void> {
  await markAsForeign(file);
  const icon = await app.getFileIcon(file, { size: 'normal' });
  BrowserWindow.getFocusedWindow()?.webContents.startDrag({ file, icon });
}

/** What a person saves from the window carries the mark, too, once it is all there. */
export function markDownloads(session: Session): void {
  session.on('will-download', (_event, item: DownloadItem) => {
    item.once('done', (_doneEvent, state) => {
      if (state === 'completed') void markAsForeign(item.getSavePath());
    });
  });
}
