import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import type {
  AccountSummary,
  MembershipResponse,
  SessionResponse,
} from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { WireError } from '../../../src/shared/protocol/error-body.ts';
import type { PullRequest, PullResponse } from '../../../src/shared/protocol/pull.ts';
import type {
  Head,
  PushResponse,
  PushResult,
  WireMutation,
} from '../../../src/shared/protocol/push.ts';
import type { RekeyResponse } from '../../../src/shared/protocol/rekey.ts';
import { protocolHeader, protocolVersion } from '../../../src/shared/protocol/version.ts';
import { computeInstant, computeSha256, createId } from './test-ids.ts';

export class AnswerError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly headers: Headers;

  constructor(status: number, body: WireError, headers: Headers) {
    super(body.error.message);
    this.status = status;
    this.code = body.error.code;
    this.field = body.error.field;
    this.headers = headers;
  }
}

/** A device that speaks the wire protocol with real requests, and keeps nothing but its token. */
export class TestDevice {
  readonly deviceId: string;
  readonly baseUrl: string;
  token: string | undefined;
  #sequence = { last: 0 };

  constructor(baseUrl: string, deviceId: string = createId()) {
    this.baseUrl = baseUrl;
    this.deviceId = deviceId;
  }

  /** The same device, speaking to another server address. */
  moveTo(baseUrl: string): TestDevice {
    const moved = new TestDevice(baseUrl, this.deviceId);
    moved.token = this.token;
    moved.#sequence = this.#sequence;
    return moved;
  }

  /** A copy of the device's folder on another machine: it counts on from here by itself. */
  clone(): TestDevice {
    const copy = this.moveTo(this.baseUrl);
    copy.#sequence = { ...this.#sequence };
    return copy;
  }

  /** The same outbox, going on as another device (SY-16). */
  async rekey(deviceId: string = createId()): Promise<TestDevice> {
    const { token } = await this.request<RekeyResponse>('POST', endpoints.rekey, { deviceId });
    const rekeyed = new TestDevice(this.baseUrl, deviceId);
    rekeyed.token = token;
    rekeyed.#sequence = this.#sequence;
    return rekeyed;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has(protocolHeader)) headers.set(protocolHeader, String(protocolVersion));
    if (this.token !== undefined && !headers.has('authorization'))
      headers.set('authorization', `Bearer ${this.token}`);
    return await fetch(`${this.baseUrl}${path}`, { ...init, headers });
  }

  /** The answer's body; throws `AnswerError` for what is no success. */
  async request<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new AnswerError(response.status, JSON.parse(text) as WireError, response.headers);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  async register(
    name: string,
    options: { email?: string; password?: string; invitationCode?: string } = {},
  ): Promise<AccountSummary> {
    const { token, account } = await this.request<SessionResponse>('POST', endpoints.register, {
      email: options.email ?? `${createId()}@example.org`,
      password: options.password ?? 'correct horse battery',
      name,
      timeZone: 'Europe/Berlin',
      device: { deviceId: this.deviceId, deviceName: 'Test laptop' },
      invitationCode: options.invitationCode ?? null,
    });
    this.token = token;
    return account;
  }

  async signIn(email: string, password: string): Promise<AccountSummary> {
    const { token, account } = await this.request<SessionResponse>('POST', endpoints.session, {
      email,
      password,
      device: { deviceId: this.deviceId, deviceName: 'Test laptop' },
    });
    this.token = token;
    return account;
  }

  async createOrganization(
    name: string,
    ids: { orgId: string; membershipId: string } = { orgId: createId(), membershipId: createId() },
  ): Promise<MembershipResponse['membership']> {
    const { membership } = await this.request<MembershipResponse>('POST', endpoints.organizations, {
      ...ids,
      name,
      timeZone: 'Europe/Berlin',
    });
    return membership;
  }

  /** A mutation as the outbox would hold it. */
  createMutation(name: string, args: unknown, changes: Partial<WireMutation> = {}): WireMutation {
    this.#sequence.last += 1;
    return {
      id: createId(),
      name,
      version: 1,
      args,
      argsHash: computeSha256(computeCanonicalJson(args)),
      previousHash: '',
      deviceSeq: this.#sequence.last,
      claimedAt: computeInstant(),
      bootId: 'test',
      monotonicMs: 1,
      baseSeq: 0,
      anchor: null,
      acknowledged: null,
      ...changes,
    };
  }

  async push(
    orgId: string,
    mutations: readonly unknown[],
    head: Head | null = null,
  ): Promise<PushResponse> {
    return await this.request<PushResponse>('POST', endpoints.push(orgId), { mutations, head });
  }

  /** Pushes one mutation and answers its result. */
  async pushOne(orgId: string, name: string, args: unknown): Promise<PushResult> {
    const { results } = await this.push(orgId, [this.createMutation(name, args)]);
    const [result] = results;
    if (result === undefined) throw new Error('the push answered no result');
    return result;
  }

  /** Pushes mutations that are part of a test's setting; throws when one is not applied. */
  async apply(
    orgId: string,
    ...mutations: readonly [name: string, args: unknown][]
  ): Promise<void> {
    const { results } = await this.push(
      orgId,
      mutations.map(([name, args]) => this.createMutation(name, args)),
    );
    for (const result of results)
      if (result.status !== 'applied')
        throw new Error(`a mutation was ${result.status}: ${result.code} ${result.message}`);
  }

  async pull(orgId: string, request: Partial<PullRequest> = {}): Promise<PullResponse> {
    return await this.request<PullResponse>('POST', endpoints.pull(orgId), {
      scopes: [],
      head: null,
      ...request,
    });
  }

  /** All rows of one table that this person may see now. */
  async list(orgId: string, table: string): Promise<Record<string, unknown>[]> {
    const rows = new Map<unknown, Record<string, unknown>>();
    let page = await this.pull(orgId);
    for (;;) {
      for (const pulled of page.rows)
        if (pulled.table === table) rows.set(pulled.row['id'], pulled.row);
      if (page.complete) return [...rows.values()];
      page = await this.pull(orgId, { scopes: page.scopes, head: page.head });
    }
  }
}
