import { hostPaths } from '../../../shared/contract/carriers.ts';

/** Hands an export of this computer to the person, as a link would that they press. */
export function downloadExport(fileName: string): void {
  const link = document.createElement('a');
  link.href = hostPaths.exported(fileName);
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
}
