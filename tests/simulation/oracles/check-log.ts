import { createHash } from 'node:crypto';
import type { Simulation } from '../simulation.ts';

/** The server's log is whole: numbered without a gap, each mutation once, every hash following from the one before. */
export function checkLog(simulation: Simulation): string[] {
  const server = simulation.world.server.connection;
  const found: string[] = [];
  const heads = server.prepare('select orgId, seq, hash from organizationHeads').all() as {
    orgId: string;
    seq: number;
    hash: string;
  }[];
  for (const head of heads) {
    const lines = server
      .prepare(
        'select seq, mutationId, argsHash, receivedAt, hash from mutationLog where orgId = ? order by seq',
      )
      .all(head.orgId) as {
      seq: number;
      mutationId: string;
      argsHash: string;
      receivedAt: string;
      hash: string;
    }[];
    const seen = new Set<string>();
    let previous = '';
    for (const [index, line] of lines.entries()) {
      if (line.seq !== index + 1) found.push(`log: after ${index} comes ${line.seq}`);
      if (seen.has(line.mutationId)) found.push(`log: ${line.mutationId} stands in it twice`);
      seen.add(line.mutationId);
      previous = createHash('sha256')
        .update([previous, line.mutationId, line.argsHash, line.seq, line.receivedAt].join('\n'))
        .digest('hex');
      if (line.hash !== previous) found.push(`log: the hash of ${line.seq} does not follow`);
    }
    if (head.seq !== lines.length || head.hash !== previous)
      found.push(`log: the head says ${head.seq}, the log has ${lines.length} lines`);
  }
  return found;
}

/** SY-3: each device's outbox is a chain as well. */
export function checkOutboxes(simulation: Simulation): string[] {
  return simulation.world.devices.flatMap((device) => {
    const rows = (simulation
      .findSeatDatabase(device)
      ?.prepare('select deviceSeq, previousHash, rowHash from outbox order by deviceSeq')
      .all() ?? []) as { deviceSeq: number; previousHash: string; rowHash: string }[];
    return rows.flatMap((row, index) =>
      index === 0 || row.previousHash === rows[index - 1]?.rowHash
        ? []
        : [
            `outbox: on ${device.name} the row ${row.deviceSeq} does not follow from the one before`,
          ],
    );
  });
}
