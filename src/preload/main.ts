import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { ipcChannels } from '../shared/contract/carriers.ts';

/**
 * All that the page is given of the desktop: it can ask, and it can listen. The event object, which
 * leads to the raw channel, reaches no listener.
 */
contextBridge.exposeInMainWorld('stint', {
  request: (name: string, input: unknown): Promise<unknown> =>
    ipcRenderer.invoke(ipcChannels.request, name, input),
  subscribe: (listener: (event: unknown) => void): (() => void) => {
    const onEvent = (_event: IpcRendererEvent, data: unknown): void => listener(data);
    ipcRenderer.on(ipcChannels.event, onEvent);
    return () => {
      ipcRenderer.off(ipcChannels.event, onEvent);
    };
  },
});
