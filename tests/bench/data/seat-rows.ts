import type { DomainDatabase } from '../../../src/shared/database/domain-tables.ts';
import {
  engagementScope,
  memberScope,
  orgScope,
  privateScope,
  projectScope,
} from '../../../src/shared/domain/scopes.ts';
import { createParagraphs, createPersonName, createTitle } from './believable-texts.ts';
import { dateOf, dayMs, type GeneratedRow, instantOf } from './generated-row.ts';
import { SeededRandom } from './seeded-random.ts';
import { generateTaskRows, type TaskPlace } from './task-rows.ts';
import { unsetEngagementColumns, unsetProjectColumns } from '../../support/unset-columns.ts';

export interface SeatShape {
  /** Whose device it is: an owner holds everybody's work, an intern their own and their drafts. */
  readonly role: 'owner' | 'intern';
  readonly taskCount: number;
  readonly engagementCount: number;
  readonly projectCount: number;
  /** True where nothing is decided yet, so that every task stands in the list of current ones. */
  readonly areTasksOpen: boolean;
}

export interface GeneratedSeat {
  readonly orgId: string;
  readonly membershipId: string;
  readonly accountId: string;
  readonly email: string;
  readonly organizationName: string;
  readonly rows: readonly GeneratedRow[];
}

const organizationName = 'Tidewater Research';
const internZones = ['Europe/Lisbon', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'];

/** The mirrored rows of one seat, as the server would have sent them over the past year. */
export function generateSeat(shape: SeatShape, seed: number, nowMs: number): GeneratedSeat {
  const random = new SeededRandom(seed);
  const beganMs = nowMs - 330 * dayMs;
  const orgId = random.uuid(beganMs);
  const ownerId = random.uuid(beganMs);
  const ownerAccountId = random.uuid(beganMs);
  const key = { orgId };
  const at = instantOf(beganMs);
  const rows: GeneratedRow[] = [
    {
      table: 'organizations',
      row: {
        ...key,
        id: orgId,
        scope: orgScope,
        name: organizationName,
        timeZone: 'Europe/Berlin',
        createdAt: at,
        receiptKeyId: 'key-1',
        receiptPublicKey: 'none',
      },
    },
    {
      table: 'memberships',
      row: {
        ...key,
        id: ownerId,
        scope: orgScope,
        accountId: ownerAccountId,
        role: 'owner',
        displayName: 'Olga Weber',
        email: 'owner@example.org',
        timeZone: 'Europe/Berlin',
        status: 'active',
        joinedAt: at,
        erasedAt: null,
        erasureAskedAt: null,
      },
    },
  ];
  const interns = Array.from({ length: shape.role === 'intern' ? 1 : shape.engagementCount }, () =>
    createMembership(random, orgId, beganMs),
  );
  for (const row of interns) rows.push({ table: 'memberships', row });

  const terms = {
    hourBudgetMinutes: 30 * 60,
    payKind: 'fixed' as const,
    payAmountMinor: 45_000,
    payCurrency: 'EUR',
    startsOn: dateOf(beganMs),
    endsOn: dateOf(nowMs + 60 * dayMs),
  };
  const projectIds = Array.from({ length: shape.projectCount }, (_, index) => {
    const id = random.uuid(beganMs + index);
    rows.push({
      table: 'projects',
      row: {
        ...key,
        id,
        scope: projectScope(id),
        title: createTitle(random, index + 1),
        brief: createParagraphs(random, 2),
        category: random.pick(['research', 'content', 'data_entry']),
        categoryName: null,
        ...terms,
        timeZone: 'Europe/Berlin',
        graceMinutes: 30,
        latePolicy: 'Tell us early.',
        roundsIncluded: 2,
        createdBy: ownerId,
        createdAt: at,
        closedAt: null,
        ...unsetProjectColumns,
      },
    });
    return id;
  });
  const places = Array.from({ length: shape.engagementCount }, (_, index): TaskPlace => {
    const id = random.uuid(beganMs + index);
    const intern = interns[index % interns.length];
    if (intern === undefined) throw new RangeError('expected an intern for each engagement');
    rows.push({
      table: 'engagements',
      row: {
        ...key,
        id,
        scope: engagementScope(id),
        projectId: random.pick(projectIds),
        membershipId: intern.id,
        invitedName: intern.displayName,
        invitedEmail: intern.email,
        status: 'active',
        ...terms,
        createdAt: at,
        agreedAt: at,
        endedAt: null,
        ...unsetEngagementColumns,
      },
    });
    return {
      orgId,
      ownerId,
      internId: intern.id,
      zone: intern.timeZone,
      engagementId: id,
      scope: engagementScope(id),
      // Drafts never leave their author's devices.
      draftScope: shape.role === 'intern' ? privateScope(intern.id) : undefined,
    };
  });
  for (let number = 1; number <= shape.taskCount; number += 1)
    rows.push(
      ...generateTaskRows(random, random.pick(places), {
        number,
        nowMs,
        isOpen: shape.areTasksOpen,
      }),
    );

  const [firstIntern] = interns;
  return shape.role === 'intern' && firstIntern !== undefined
    ? {
        orgId,
        membershipId: firstIntern.id,
        accountId: firstIntern.accountId,
        email: firstIntern.email,
        organizationName,
        rows,
      }
    : {
        orgId,
        membershipId: ownerId,
        accountId: ownerAccountId,
        email: 'owner@example.org',
        organizationName,
        rows,
      };
}

function createMembership(
  random: SeededRandom,
  orgId: string,
  joinedMs: number,
): DomainDatabase['memberships'] {
  const id = random.uuid(joinedMs);
  return {
    orgId,
    id,
    scope: memberScope(id),
    accountId: random.uuid(joinedMs),
    role: 'intern',
    displayName: createPersonName(random),
    email: `${random.hexadecimal(8)}@example.org`,
    timeZone: random.pick(internZones),
    status: 'active',
    joinedAt: instantOf(joinedMs),
    erasedAt: null,
    erasureAskedAt: null,
  };
}
