import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dispatch } from '../../../../src/main/workspace/engine/dispatch.ts';
import {
  contract,
  requestNames,
  type RequestName,
} from '../../../../src/shared/contract/contract.ts';
import { requestRoles } from '../../../../src/shared/contract/request-roles.ts';
import type { Role } from '../../../../src/shared/domain/fields.ts';
import { type ErrorCode, StintError } from '../../../../src/shared/errors.ts';
import { generateInput, listIdFields } from '../../../support/generate-input.ts';
import {
  createRoleScene,
  type Place,
  type PlaceName,
  putBack,
  type RoleScene,
  takeSnapshot,
} from '../../../support/workspace/role-scene.ts';
import {
  openTestWorkspace,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

const roles: readonly Role[] = ['owner', 'manager', 'intern'];
const placeNames: readonly PlaceName[] = ['own', 'other', 'foreign', 'absent'];

/** Requests about an organization: those with a seat. */
const ofOrganization = requestNames.filter((name) => requestRoles[name] !== null);

/** One of the other side's. */
const pickAmendment = ({ ids, special }: Place, role: Role) => ({
  amendmentId: role === 'intern' ? ids['amendmentId'] : special['internsAmendmentId'],
});

/** What a generated input cannot know: rows in the state that the request is for, and values that must fit each other. */
const fittingInputs: Partial<
  Record<RequestName, (place: Place, role: Role) => Record<string, unknown>>
> = {
  // The id of a file that is made with it: those that there are belong to others.
  'draft.attach': () => ({ attachmentId: undefined }),
  'draft.detach': ({ special }) => ({ attachmentId: special['draftAttachmentId'] }),
  'draft.bringBackNote': ({ special }) => ({ versionId: special['noteVersionId'] }),
  'hours.merge': ({ ids, special }) => ({
    timeEntryIds: [ids['timeEntryId'], special['secondOpenEntryId']],
    coversGaps: true,
  }),
  'hours.split': ({ ids }) => ({
    parts: [{ startedAt: '2026-03-01T01:00:00.000Z', endedAt: '2026-03-01T01:20:00.000Z' }],
    timeEntryId: ids['timeEntryId'],
  }),
  'hours.rearrange': ({ ids }) => ({
    undo: {
      kind: 'undo',
      changes: [
        {
          timeEntryId: ids['timeEntryId'],
          patch: { note: 'Back again' },
          seen: { note: '' },
          deleted: false,
        },
      ],
      additions: [],
    },
  }),
  'hours.requestChange': ({ special }) => ({
    change: { kind: 'delete', timeEntryId: special['approvedEntryId'] },
  }),
  'timesheet.preview': ({ ids }) => ({ of: { taskId: ids['taskId'] } }),
  'timesheet.submit': () => ({ of: { from: '2026-03-01', to: '2026-03-01' } }),
  'timesheet.decide': ({ special }) => ({ comments: [], contentHash: special['contentHash'] }),
  'timesheet.reopen': ({ special }) => ({ timesheetId: special['approvedSheetId'] }),
  'timeChange.decide': ({ special }) => ({ requestId: special['timeChangeId'] }),
  'timeChange.withdraw': ({ special }) => ({ requestId: special['timeChangeId'] }),
  'review.decide': ({ special }) => ({
    manifestHash: special['manifestHash'],
    comments: [],
    scores: [],
  }),
  'task.setDependencies': ({ special }) => ({ added: [special['handedInTaskId']], removed: [] }),
  'amendment.propose': () => ({ taskId: null, changes: { hourBudgetMinutes: 1800 } }),
  'amendment.confirm': pickAmendment,
  'amendment.decline': pickAmendment,
  'amendment.withdraw': ({ ids, special }, role) => ({
    amendmentId: role === 'intern' ? special['internsAmendmentId'] : ids['amendmentId'],
  }),
  'evaluation.write': (_place, role) =>
    role === 'intern'
      ? {
          content: {
            side: 'intern',
            ratings: { clarity: 5, feedback: null, fairness: null, learning: null },
            wentWell: 'All of it',
            couldImprove: '',
            wouldWorkAgain: true,
          },
        }
      : {},
  'project.import': () => ({ csv: 'title,deadline\nSurvey,2026-04-01 17:00\n' }),
};

/** What answers about one's own engagement where it is not simply done. */
const ownCodes: Partial<Record<RequestName, ErrorCode | Partial<Record<Role, ErrorCode>>>> = {
  // These seats are signed in nowhere.
  'session.devices': 'not_signed_in',
  'session.signOutDevice': 'not_signed_in',
  'session.changePassword': 'not_signed_in',
  'session.closeAccount': 'not_signed_in',
  'history.fetch': 'not_signed_in',
  'calendar.getFeed': 'not_signed_in',
  'calendar.renewFeed': 'not_signed_in',
  'calendar.endFeed': 'not_signed_in',
  'files.open': 'unavailable',
  'files.show': 'unavailable',
  'files.drag': 'unavailable',
  // There is nothing of the kind on this computer.
  'sync.sendAgain': 'not_found',
  'sync.dismiss': 'not_found',
  'sync.export': 'not_found',
  'timer.answer': 'not_found',
  'bundle.end': 'not_found',
  'bundle.pause': 'not_found',
  'bundle.resume': 'not_found',
  'vault.get': 'not_found',
  'vault.export': 'not_found',
  'vault.remove': 'not_found',
  'history.details': 'not_found',
  'history.export': 'not_found',
  // The rules for what is there already say no, beyond the role.
  'submission.decideLateness': 'conflict',
  'people.setRole': 'refused',
  'people.erase': 'refused',
  'people.leave': { owner: 'refused' },
  'pack.export': { manager: 'not_found' },
  'evaluation.write': 'refused',
};

/** Said before anything is looked up. */
const cannotBeHere: ReadonlySet<string> = new Set(['not_signed_in', 'unavailable']);

function findOwnCode(name: RequestName, role: Role): string {
  const code = ownCodes[name];
  return (typeof code === 'object' ? code[role] : code) ?? 'ok';
}

/** Lists that a filter by an unknown id leaves empty, and requests that are fulfilled where nothing is to be done. */
const answeredForAnyId = new Set<RequestName>([
  'tasks.list',
  'tasks.inOrder',
  'hours.list',
  'hours.budget',
  'hours.export',
  'timesheets.list',
  'timeChanges.list',
  'amendment.list',
  'history.list',
  'files.offline',
  'files.keepOffline',
  'transfers.cancelFetch',
  'transfers.cancelUpload',
  'review.release',
  'sync.undoDismiss',
  // What it names is made with it: an id that is unknown here becomes a new phrase.
  'phrase.save',
  'project.create',
  // It begins, and fails where it finds nothing to write.
  'bundle.begin',
]);

let workspace: TestWorkspace;
let scene: RoleScene;
let seatSnapshots: Record<Role, Awaited<ReturnType<typeof takeSnapshot>>>;
let workspaceSnapshot: Awaited<ReturnType<typeof takeSnapshot>>;
let stagedId: string;

beforeAll(async () => {
  workspace = await openTestWorkspace();
  scene = await createRoleScene(workspace);
  ({ stagedId } = await workspace.stage('file.txt', 'file'));
  const { owner, manager, intern } = scene.seats;
  seatSnapshots = {
    owner: await takeSnapshot(owner.db),
    manager: await takeSnapshot(manager.db),
    intern: await takeSnapshot(intern.db),
  };
  workspaceSnapshot = await takeSnapshot(workspace.workspace.db as never);
}, 60_000);

afterAll(() => workspace.close());

interface Answer {
  readonly code: string;
  /** What was answered, without what differs from one time to the next. */
  readonly text: string;
}

function createInput(name: RequestName, role: Role, placeName: PlaceName): Record<string, unknown> {
  const place = scene.places[placeName];
  const { seatId } = scene.seats[role].record;
  return {
    ...generateInput(contract[name].input, { ...place.ids, stagedId, seatId, any: stagedId }),
    ...fittingInputs[name]?.(place, role),
    seatId,
  };
}

async function ask(name: RequestName, role: Role, placeName: PlaceName): Promise<Answer> {
  const input = createInput(name, role, placeName);
  // Ids that were asked for, and those made in answering; and numbers that tell files of one name apart.
  const hide = (text: string) =>
    text
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, 'ID')
      .replaceAll(/ \(\d+\)/gu, '');
  let isAnswered = false;
  try {
    const answer = await dispatch(workspace.workspace, name, input, 'local');
    isAnswered = true;
    return { code: 'ok', text: hide(JSON.stringify(answer)) };
  } catch (error) {
    if (!(error instanceof StintError)) throw error;
    return { code: error.code, text: hide(JSON.stringify(error.toBody())) };
  } finally {
    if (name === 'timer.start') await workspace.workspace.timer.stop().catch(() => {});
    if (isAnswered) {
      await putBack(scene.seats[role].db, seatSnapshots[role]);
      await putBack(workspace.workspace.db as never, workspaceSnapshot);
    }
  }
}

test('whatever is about an organization says which roles may ask it; whatever is not has no place for one', () => {
  for (const name of requestNames) {
    const { input } = contract[name];
    const isOfOrganization = 'shape' in input && 'seatId' in input.shape;
    expect(requestRoles[name] !== null, name).toBe(isOfOrganization);
  }
});

describe.each(ofOrganization)('%s', (name) => {
  const namesRows = listIdFields(contract[name].input).length > 0;

  test.each(roles)('as %s', async (role) => {
    const allowed = requestRoles[name]?.includes(role) === true;
    const answers = new Map<PlaceName, Answer>();
    for (const placeName of namesRows ? placeNames : (['own'] as const))
      answers.set(placeName, await ask(name, role, placeName));
    const own = answers.get('own');
    if (!allowed) {
      // Also of what there is not: the refusal tells nothing of what was asked about.
      for (const answer of answers.values()) expect(answer).toEqual(own);
      expect(own?.code).toBe('forbidden');
      return;
    }
    expect(own?.code, own?.text).toBe(findOwnCode(name, role));
    if (!namesRows) return;
    expect(answers.get('foreign')).toEqual(answers.get('absent'));
    if (role === 'intern') expect(answers.get('other')).toEqual(answers.get('absent'));
    else expect(answers.get('other')?.code).toBe(own?.code);
    const absentCode = answers.get('absent')?.code;
    if (answeredForAnyId.has(name)) expect(absentCode).toBe('ok');
    else if (!cannotBeHere.has(own?.code ?? '')) expect(absentCode).toBe('not_found');
  });
});
