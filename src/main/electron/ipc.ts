import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { type CarrierAnswer, ipcChannels } from '../../shared/contract/carriers.ts';
import { answerRequest } from '../hosting/answer-request.ts';
import type { HostLog } from '../hosting/host-log.ts';
import type { HostedEngine } from '../hosting/hosted-engine.ts';
import { appOrigin, isAppUrl } from './app-origin.ts';

/** Whether the interface itself asks: the top frame of a window, showing this app's own origin. */
function isOwnPage({ sender, senderFrame }: IpcMainInvokeEvent): boolean {
  return (
    senderFrame !== null &&
    senderFrame === sender.mainFrame &&
    senderFrame.origin === appOrigin &&
    isAppUrl(senderFrame.url)
  );
}

/** The one channel from page to engine. A stranger's frame gets a refusal, and the engine hears nothing. */
export function handleRequests(engine: HostedEngine, log: HostLog): void {
  ipcMain.handle(
    ipcChannels.request,
    async (event, name: unknown, input: unknown): Promise<CarrierAnswer> => {
      if (!isOwnPage(event)) {
        log.error('a request of a page that is not the interface was refused');
        const message = 'only the interface itself may ask';
        return { ok: false, error: { code: 'forbidden', message } };
      }
      if (typeof name !== 'string') {
        const message = "expected a request's name, found something else";
        return { ok: false, error: { code: 'invalid_input', message, field: 'name' } };
      }
      return answerRequest(engine, name, input, log);
    },
  );
}

/** Passes an event on to a page, unless it has gone or shows something else. */
export function sendEvent(contents: WebContents, event: unknown): void {
  if (!contents.isDestroyed() && isAppUrl(contents.getURL()))
    contents.send(ipcChannels.event, event);
}
