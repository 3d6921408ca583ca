import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../../src/shared/contract/contract.ts';
import { copyFolder } from './copy-folder.ts';
import { computeCanary, computeEmail, password, people, serverUrl, type Tenant } from './people.ts';
import type { SimulatedDevice } from './simulated-device.ts';
import { World } from './world.ts';

/** A world at its beginning: two organizations, their people, a few tasks, everybody in step. */
export interface Template {
  readonly folder: string;
  /** By device: its one seat. */
  readonly seats: Readonly<Record<string, DeviceSeat>>;
  remove(): void;
}

export interface DeviceSeat {
  readonly seatId: string;
  readonly orgId: string;
  readonly membershipId: string;
  readonly tenant: Tenant;
  readonly role: 'owner' | 'intern';
}

/** RFC 8410, section 7: the wrapping of an Ed25519 key in PKCS 8, then its 32 bytes. The same in every run. */
const signingKeyPem = `-----BEGIN PRIVATE KEY-----\n${Buffer.concat([
  Buffer.from('302e020100300506032b657004220420', 'hex'),
  Buffer.alloc(32, 7),
]).toString('base64')}\n-----END PRIVATE KEY-----\n`;

const memory = '/dev/shm';

/** Memory rather than a disk where there is such a place: what is simulated is not the disk. */
export function makeWorldFolder(): string {
  const parent = existsSync(memory) && !tmpdir().startsWith(`${memory}/`) ? memory : tmpdir();
  return mkdtempSync(join(parent, 'stint-simulation-'));
}

let made: Promise<Template> | undefined;

/** Made once in a process; every run begins with a copy. */
export function loadTemplate(): Promise<Template> {
  made ??= makeTemplate();
  return made;
}

/** Copies a template's files to where a run may change them. */
export function copyTemplate(template: Template, to: string): void {
  copyFolder(template.folder, to);
}

async function makeTemplate(): Promise<Template> {
  const folder = makeWorldFolder();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'server', 'keys'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'server', 'keys', 'receipts-ed25519.pem'), signingKeyPem, {
    mode: 0o600,
  });
  const world = new World({ seed: 'template', folder });
  await world.server.open();
  for (const device of world.devices) await device.open();
  const seatIds: Record<string, string> = {};
  for (const tenant of ['acorn', 'birch'] as const) await setUpTenant(world, tenant, seatIds);
  await world.advance(30_000);
  const seats = Object.fromEntries(
    world.devices.map((device) => [device.name, readSeat(device, seatIds[device.name] ?? '')]),
  );
  await world.close();
  return { folder, seats, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function readSeat(device: SimulatedDevice, seatId: string): DeviceSeat {
  const row = device.workspaceConnection
    ?.prepare('select orgId, membershipId, role from seats where seatId = ?')
    .get(seatId) as Pick<DeviceSeat, 'orgId' | 'membershipId' | 'role'> | undefined;
  if (row === undefined) throw new Error(`${device.name} took no seat`);
  const person = people.find(({ name }) => name === device.options.person);
  return { seatId, ...row, tenant: person?.tenant ?? 'acorn' };
}

async function setUpTenant(
  world: World,
  tenant: Tenant,
  seatIds: Record<string, string>,
): Promise<void> {
  const ask = async <Name extends RequestName>(
    device: string,
    name: Name,
    input: RequestInput<Name>,
  ): Promise<RequestOutput<Name>> => {
    const attempt = world.findDevice(device).attempt(name, input);
    for (let round = 0; round < 100 && attempt.state === 'pending'; round += 1) {
      await world.drain();
      await world.advance(100);
    }
    if (attempt.state !== 'done')
      throw new Error(
        `${name} on ${device} ended ${attempt.state}: ${world.traceLines.slice(-6).join('; ')}`,
        { cause: attempt.error },
      );
    return attempt.value as RequestOutput<Name>;
  };
  const canary = computeCanary(tenant);
  const owner = people.find((person) => person.tenant === tenant && person.role === 'owner');
  const desk = owner?.devices[0];
  if (owner === undefined || desk === undefined) throw new Error(`${tenant} has no owner`);
  const { seatId } = await ask(desk, 'setup.createOrganization', {
    serverUrl,
    account: {
      kind: 'new',
      email: computeEmail(owner.name),
      password,
      name: `${owner.name} ${canary}`,
      timeZone: owner.zone,
    },
    organizationName: canary,
    timeZone: owner.zone,
  });
  seatIds[desk] = seatId;
  const { projectId } = await ask(desk, 'project.create', {
    seatId,
    terms: {
      title: `Market research ${canary}`,
      brief: `Find out what people pay. ${canary}`,
      category: 'research',
      categoryName: null,
      hourBudgetMinutes: 1200,
      pay: { kind: 'fixed', amountMinor: 40_000, currency: 'EUR' },
      timeZone: owner.zone,
      startsOn: '2026-03-01',
      endsOn: '2026-12-31',
      graceMinutes: 120,
      latePolicy: '',
      roundsIncluded: 2,
    },
  });
  for (const person of people) {
    if (person.tenant !== tenant || person.role !== 'intern') continue;
    const invitation = await ask(desk, 'people.inviteIntern', {
      seatId,
      projectId,
      name: `${person.name} ${canary}`,
      email: null,
      validDays: 300,
    });
    for (const [index, title] of ['Interviews', 'Summary'].entries())
      await ask(desk, 'task.assign', {
        seatId,
        engagementId: invitation.engagementId,
        title: `${title} ${canary}`,
        instructions: `Talk to five people. ${canary}`,
        criteria: ['Five of them', 'One page each'],
        deadline: { wall: `2026-03-0${3 + index}T17:00`, zone: owner.zone },
        estimateMinutes: 120,
      });
    await world.advance(5000);
    for (const [index, device] of person.devices.entries()) {
      const email = computeEmail(person.name);
      if (index === 0) {
        const joined = await ask(device, 'setup.acceptInvitation', {
          link: invitation.link,
          account: {
            kind: 'new',
            email,
            password,
            name: `${person.name} ${canary}`,
            timeZone: person.zone,
          },
        });
        seatIds[device] = joined.seatId;
      } else {
        const signedIn = await ask(device, 'session.signIn', { serverUrl, email, password });
        seatIds[device] = signedIn.seatIds[0] ?? '';
      }
    }
  }
}
