import type { BundleVerdict } from '../../main/workspace/bundles/verify-bundle.ts';
import { formatCount } from '../format-count.ts';
import type { Command } from '../command.ts';
import { parseCommandLine } from '../parse-command-line.ts';
import { computePrintable, printLine } from '../print.ts';

export const verifyCommand: Command = {
  name: 'verify',
  usage: 'verify FILE [--key ID] [--json]',
  summary:
    'Checks a bundle: files missing, changed or extra, its data, and the receipts’ signatures',
  details: `Any bag (RFC 8493) in a ZIP can be checked; nothing is unpacked. The exit status is 0 only when it is whole.
In a bundle of Stint's the data are checked against their schema and against the files, and each receipt by its
signature and against the submission that it stands with. The key comes with the bundle: who was told the server's
key id by the server itself can have it compared.

  --key ID   the key id that the receipts must be signed with
  --json     the verdict as JSON`,

  async run(args) {
    const { values, positionals } = parseCommandLine(
      args,
      { json: { type: 'boolean' }, key: { type: 'string' } },
      ['FILE'],
    );
    const { verifyBundle } = await import('../../main/workspace/bundles/verify-bundle.ts');
    const verdict = await verifyBundle(
      positionals[0] ?? '',
      typeof values.key === 'string' ? { trustedKeyId: values.key } : {},
    );
    if (values.json === true) printLine(JSON.stringify(verdict, undefined, 2));
    else for (const line of describeVerdict(verdict)) printLine(computePrintable(line));
    return verdict.isWhole ? 0 : 1;
  },
};

function describeVerdict(verdict: BundleVerdict): string[] {
  const { missing, changed, extra, problems, unlisted, fileCount, sizeBytes, receipts } = verdict;
  const lines = [
    ...missing.map((path) => `missing  ${path}`),
    ...changed.map((path) => `changed  ${path}`),
    ...extra.map((path) => `extra    ${path}`),
    ...problems.map(({ message }) => `problem  ${message}`),
    ...unlisted.map((path) => `note     ${path} is in no manifest, which the format allows`),
    ...receipts.redacted.map(
      (id) =>
        `note     the receipt ${id} has names taken out: its signature cannot be checked here`,
    ),
    ...(receipts.valid === 0
      ? []
      : [`receipts ${receipts.valid} signed with the key ${receipts.keyIds.join(', ')}`]),
  ];
  if (verdict.isWhole)
    return [
      ...lines,
      `whole: ${formatCount(fileCount, 'file', 'files')}, ${formatCount(sizeBytes, 'byte', 'bytes')}`,
    ];
  const counts = [
    `${missing.length} missing`,
    `${changed.length} changed`,
    `${extra.length} extra`,
    `${problems.length} other ${problems.length === 1 ? 'problem' : 'problems'}`,
  ];
  return [...lines, `not whole: ${counts.join(', ')}`];
}
