import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { describeReaders } from '../../../src/renderer/features/evaluation/describe-evaluation.ts';
import { EvaluationSection } from '../../../src/renderer/features/evaluation/evaluation-section.tsx';
import type { EngagementEvaluations } from '../../../src/shared/contract/evaluation-requests.ts';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-10T09:00:00.000Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

const ofEmployer: EngagementEvaluations['opened'][number] = {
  side: 'employer',
  byName: 'Olga',
  content: {
    side: 'employer',
    ratings: { quality: 5, reliability: null, communication: null, independence: null },
    wentWell: 'Careful counts.',
    couldImprove: '',
    testimonial: '',
    offer: null,
  },
  writtenAt: '2026-03-03T09:00:00.000Z',
  isAfterOpening: false,
};

const ofIntern: NonNullable<EngagementEvaluations['own']> = {
  side: 'intern',
  byName: 'Ida',
  content: {
    side: 'intern',
    ratings: { clarity: null, feedback: null, fairness: null, learning: null },
    wentWell: 'Clear briefs.',
    couldImprove: '',
    wouldWorkAgain: true,
  },
  writtenAt: '2026-03-20T09:00:00.000Z',
  isAfterOpening: false,
  isSelf: true,
  mark: 'on_this_computer',
};

const render = (evaluations: Partial<EngagementEvaluations>): string =>
  renderToStaticMarkup(
    <EvaluationSection
      seatId="seat"
      other="Tidewater"
      evaluations={{
        engagementId: 'engagement',
        projectTitle: 'Cafés',
        organizationName: 'Tidewater',
        ownSide: 'intern',
        own: null,
        keptBeside: [],
        opened: [],
        opensAt: '2026-03-16T09:00:00.000Z',
        canWrite: false,
        ...evaluations,
      }}
    />,
  );

test('what one writes when the other’s can be read already is shown before the server has it', () => {
  const html = render({ opened: [ofEmployer], own: ofIntern });
  expect(html).toContain('Careful counts.');
  expect(html).toContain('Clear briefs.');
  expect(html).toContain('Tidewater can read yours as soon as the server has it.');
  expect(html).not.toContain('is sealed');
});

test('what both can read is shown once', () => {
  const { mark: _mark, isSelf: _isSelf, ...opened } = ofIntern;
  const html = render({ opened: [ofEmployer, opened], own: ofIntern });
  expect(html.match(/Clear briefs\./g)).toHaveLength(1);
});

test('what nobody else can read is sealed', () => {
  expect(render({ own: ofIntern })).toContain('Yours is sealed until Tidewater has given one');
  expect(render({})).toContain('You have not given one yet.');
  expect(render({ opened: [ofEmployer] })).not.toContain('You have not given one yet.');
});

test('after the fourteen days nothing is said to be sealed any more', () => {
  vi.setSystemTime(Date.parse('2026-03-16T09:00:00.000Z'));
  expect(render({ own: ofIntern })).toContain(
    'Tidewater can read yours as soon as the server has it.',
  );
  expect(render({})).toContain('You gave none, and none by Tidewater has come to this computer.');
});

test('who writes is told before who reads it, and when', () => {
  const evaluations = { opened: [], opensAt: '2026-03-16T09:00:00.000Z' };
  const describe = (at: string) => describeReaders(evaluations, 'Tidewater', Date.parse(at));
  expect(describe('2026-03-16T08:59:59.000Z')).toContain('Sealed until both of you');
  expect(describe('2026-03-16T09:00:00.000Z')).toContain('The fourteen days are over');
  expect(describeReaders({ ...evaluations, opened: [ofEmployer] }, 'Tidewater', 0)).toContain(
    'has been heard already',
  );
});

test('a testimonial is named as one', () => {
  const content = { ...ofEmployer.content, testimonial: 'She finds what others overlook.' };
  const html = render({ opened: [{ ...ofEmployer, content } as typeof ofEmployer] });
  expect(html).toContain('<strong>Testimonial</strong>');
});

test('of two that one side wrote both are shown, with which of them is read', () => {
  const mine = { ...ofEmployer, isSelf: true };
  const hers = {
    ...ofEmployer,
    byName: 'Mara',
    isSelf: false,
    content: { ...ofEmployer.content, wentWell: 'Always in time.' },
  };
  const second = render({
    ownSide: 'employer',
    own: { ...mine, mark: 'on_the_server' },
    keptBeside: [hers],
  });
  expect(second).toContain('Yours is sealed until Tidewater');
  expect(second).toContain(
    'Mara wrote this as well. Tidewater gets to read yours, which reached the server later.',
  );
  const first = render({
    ownSide: 'employer',
    own: { ...hers, mark: 'on_the_server' },
    keptBeside: [mine],
  });
  expect(first).toContain('The one by Mara is sealed until Tidewater');
  expect(first).toContain(
    'You wrote this as well. Tidewater gets to read the one by Mara, which reached the server later.',
  );
  for (const html of [first, second]) {
    expect(html).toContain('Careful counts.');
    expect(html).toContain('Always in time.');
  }
});
