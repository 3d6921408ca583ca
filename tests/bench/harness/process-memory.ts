import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  readonly residentMb: number;
  readonly peakMb: number;
}

const bytesPerKibibyte = 1024;

/**
 * How much of a process lies in memory now, and at most so far (Linux: proc(5), `VmRSS` and `VmHWM`).
 *
 * @throws where the system has no /proc
 */
export function readProcessMemory(pid: number): ProcessMemory {
  if (process.platform !== 'linux')
    throw new Error('The memory of another process is read from /proc, which only Linux has.');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const readMb = (field: string) => {
    const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    if (kibibytes === undefined) throw new Error(`/proc tells no ${field} of this process`);
    return (Number(kibibytes) * bytesPerKibibyte) / 1e6;
  };
  return { residentMb: readMb('VmRSS'), peakMb: readMb('VmHWM') };
}
