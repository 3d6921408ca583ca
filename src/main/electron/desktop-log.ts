import path from 'node:path';
// The variant for plain Node: the other opens channels between the processes.
import electronLog from 'electron-log/node';
import type { HostLog } from '../hosting/host-log.ts';

const maxLogBytes = 2 * 1024 * 1024;

/** Writes to `<data folder>/logs/stint.log`; one older file is kept. */
export function createDesktopLog(dataFolder: string): HostLog {
  electronLog.transports.file.resolvePathFn = () => path.join(dataFolder, 'logs', 'stint.log');
  electronLog.transports.file.maxSize = maxLogBytes;
  electronLog.transports.console.level = 'warn';
  return {
    info: (message) => electronLog.info(message),
    error: (message, cause) => {
      if (cause === undefined) electronLog.error(message);
      else electronLog.error(message, cause);
    },
  };
}
