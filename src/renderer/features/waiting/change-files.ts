import type { WaitingChange } from '../../../shared/contract/sync-requests.ts';

export interface ChangeFile {
  readonly attachmentId: string;
  readonly name: string;
  readonly sizeBytes: number;
}

function isFile(value: object): value is ChangeFile {
  return 'attachmentId' in value && 'name' in value && 'sizeBytes' in value && 'sha256' in value;
}

function listIn(value: unknown): ChangeFile[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isFile(value)) return [value];
  return Object.values(value).flatMap(listIn);
}

/** The files that a change brings with it. */
export function listChangeFiles({ argsJson }: WaitingChange): ChangeFile[] {
  return listIn(JSON.parse(argsJson));
}
