import type { Simulation } from '../simulation.ts';
import type { Intent } from '../intent-ledger.ts';
import type { SimulatedDevice } from '../world/simulated-device.ts';

/** The server's files are replaced by those of its last backup; what came after is lost on it. */
export async function restoreServer(simulation: Simulation): Promise<void> {
  const { world, ledger, serverBackup } = simulation;
  if (serverBackup === undefined || !world.server.isUp) return;
  // Neither hears of a restore: version 1 names no head, and who lost access may not pull.
  if (simulation.hasHadOldClients || simulation.hasEndedAccess) return;
  simulation.hasRestoredServer = true;
  world.server.restore(serverBackup);
  await world.drain();
  await simulation.openServer();
  world.trace('the server was restored from its backup');
  const unheld = ledger.listUnheld(
    ledger.intents.filter(({ isRequired }) => isRequired).map(({ id }) => id),
    world.devices,
  );
  for (const intent of unheld) if (!isOnServer(simulation, intent)) intent.isRequired = false;
  simulation.verdicts.keepOnly(listProvenSubmissions(simulation));
  simulation.approvals.forget();
}

/** A workspace's folder is replaced by an older copy; what was done on it since is lost, but for what was sent. */
export async function restoreDevice(
  simulation: Simulation,
  device: SimulatedDevice,
): Promise<void> {
  const backup = simulation.deviceBackups.get(device.name);
  if (backup === undefined || !device.isRunning) return;
  const { world, ledger } = simulation;
  const lost = [...device.held].filter((id) => !backup.held.has(id));
  device.restore(backup.folder);
  device.held = new Set(backup.held);
  await world.drain();
  await simulation.openDevice(device);
  ledger.forgetSeen(device);
  world.trace(`${device.name} was restored from an older copy, without ${lost.length} intents`);
  for (const intent of ledger.listUnheld(lost, world.devices))
    if (!world.server.isUp || !isOnServer(simulation, intent)) intent.isRequired = false;
}

function isOnServer({ world }: Simulation, intent: Intent): boolean {
  const find = world.server.connection.prepare(
    'select 1 from mutationResults where mutationId = ?',
  );
  return intent.mutationIds.every((id) => find.get(id) !== undefined);
}

/** Submissions whose own device has the receipt and the mutation: their verdict survives the server (SY-15). */
function listProvenSubmissions(simulation: Simulation): Set<string> {
  const { world } = simulation;
  const proven = new Set(
    (world.server.connection.prepare('select id from submissions').all() as { id: string }[]).map(
      ({ id }) => id,
    ),
  );
  for (const device of world.devices) {
    const database = simulation.findSeatDatabase(device);
    const found = database
      ?.prepare(
        `select json_extract(outbox.argsJson, '$.submissionId') as id from outbox
         join receipts on receipts.submissionId = json_extract(outbox.argsJson, '$.submissionId')
         where outbox.name = 'submission.create'`,
      )
      .all() as { id: string }[] | undefined;
    for (const { id } of found ?? []) proven.add(id);
  }
  return proven;
}
