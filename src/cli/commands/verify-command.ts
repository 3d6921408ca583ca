import type { BundleVerdict } from '../../main/workspace/bundles/verify-bundle.ts';
import type { Command } from '../command.ts';
import { parseCommandLine } from '../parse-command-line.ts';
import { computePrintable, printLine } from '../print.ts';

export const verifyCommand: Command = {
  name: 'verify',
  usage: 'verify FILE [--json]',
  summary: 'Checks a bundle, and names each file that is missing, changed or extra',
  details: `Any bag (RFC 8493) in a ZIP can be checked; nothing is unpacked. The exit status is 0 only when it is whole.

  --json   the verdict as JSON`,

  async run(args) {
    const { values, positionals } = parseCommandLine(args, { json: { type: 'boolean' } }, ['FILE']);
    const { verifyBundle } = await import('../../main/workspace/bundles/verify-bundle.ts');
    const verdict = await verifyBundle(positionals[0] ?? '');
    if (values.json === true) printLine(JSON.stringify(verdict, undefined, 2));
    else for (const line of describeVerdict(verdict)) printLine(computePrintable(line));
    return verdict.isWhole ? 0 : 1;
  },
};

function describeVerdict(verdict: BundleVerdict): string[] {
  const { missing, changed, extra, problems, unlisted, fileCount, sizeBytes } = verdict;
  const lines = [
    ...missing.map((path) => `missing  ${path}`),
    ...changed.map((path) => `changed  ${path}`),
    ...extra.map((path) => `extra    ${path}`),
    ...problems.map(({ message }) => `problem  ${message}`),
    ...unlisted.map((path) => `note     ${path} is in no manifest, which the format allows`),
  ];
  if (verdict.isWhole) return [...lines, `whole: ${fileCount} files, ${sizeBytes} bytes`];
  const counts = [
    `${missing.length} missing`,
    `${changed.length} changed`,
    `${extra.length} extra`,
    `${problems.length} other ${problems.length === 1 ? 'problem' : 'problems'}`,
  ];
  return [...lines, `not whole: ${counts.join(', ')}`];
}
