/**
 * The server's addresses, below the server's base URL. Bodies are JSON but for tus and file contents.
 * Everything but `server`, `register`, `signIn` and `inspectInvitation` wants `authorization: Bearer TOKEN`.
 */
export const endpoints = {
  /** GET → ServerInfo */
  server: '/api/v1/server',
  /** POST RegisterRequest → SessionResponse */
  register: '/api/v1/accounts',
  /** POST SignInRequest → SessionResponse; DELETE ends this device's session */
  session: '/api/v1/session',
  /** POST {deviceId} → {token}: this session goes on as another device (SY-16); the old token goes on as the old one */
  rekey: '/api/v1/session/rekey',
  /** GET → {devices}: where this account is signed in */
  devices: '/api/v1/devices',
  /** DELETE: ends that device's session */
  device: (deviceId: string) => `/api/v1/devices/${deviceId}`,
  /** GET → CalendarFeed; POST makes it, or gives it another secret → RenewedFeed; DELETE ends it */
  calendar: '/api/v1/calendar',
  /** GET → AccountSummary */
  account: '/api/v1/account',
  /** POST {password, asksErasure}: leaves every organization, ends every session, takes name and address out */
  closeAccount: '/api/v1/account/close',
  /** POST {currentPassword, newPassword}: ends every session but the one that asks; asking again is harmless */
  changePassword: '/api/v1/account/password',
  /** POST CreateOrganizationRequest → MembershipResponse; repeating it with the same ids is harmless */
  organizations: '/api/v1/organizations',
  /** POST {code} → InvitationDetails */
  inspectInvitation: '/api/v1/invitations/inspect',
  /** POST {code, membershipId} → MembershipResponse */
  acceptInvitation: '/api/v1/invitations/accept',
  /** GET, server-sent events: `poke` */
  pokes: '/api/v1/pokes',
  /** POST PushRequest → PushResponse */
  push: (orgId: string) => `/api/v1/organizations/${orgId}/push`,
  /** POST PullRequest → PullResponse */
  pull: (orgId: string) => `/api/v1/organizations/${orgId}/pull`,
  /** POST ChecksumsRequest → ChecksumsResponse (SY-14) */
  checksums: (orgId: string) => `/api/v1/organizations/${orgId}/checksums`,
  /** GET, with `after` and `afterHash` → HistoryPage: what was done in the organization, as the server's log keeps it */
  history: (orgId: string) => `/api/v1/organizations/${orgId}/history`,
  /** POST {files} → {missing} */
  missingFiles: (orgId: string) => `/api/v1/organizations/${orgId}/files/missing`,
  /** GET → {wanted}: which contents the server lacks, and asks this person's devices for */
  wantedFiles: (orgId: string) => `/api/v1/organizations/${orgId}/files/wanted`,
  /** tus 1.0.0; Upload-Metadata: sha256, and the media type as filetype */
  uploads: (orgId: string) => `/api/v1/organizations/${orgId}/uploads`,
  /** POST, octets: many small files in one request (docs/sync-protocol.md, Files) → {arrived} */
  smallFiles: (orgId: string) => `/api/v1/organizations/${orgId}/files/small`,
  /** POST {hashes} → octets: many small files in one answer */
  fetchSmallFiles: (orgId: string) => `/api/v1/organizations/${orgId}/files/small/fetch`,
  /** GET and HEAD, with Range */
  file: (orgId: string, sha256: string) => `/api/v1/organizations/${orgId}/files/${sha256}`,
} as const;

const invitationPath = '/join';

/** The link that an invited person gets. The code stands in the fragment, which browsers send to no server. */
export function computeInvitationLink(serverUrl: string, code: string): string {
  return `${serverUrl.replace(/\/+$/, '')}${invitationPath}#${code}`;
}

/**
 * Takes an invitation link apart; also accepts `stint://join?server=URL#CODE`.
 * Undefined for anything else: the caller says what was expected.
 */
export function findInvitationParts(link: string): { serverUrl: string; code: string } | undefined {
  const match =
    /^\s*(https?:\/\/[^\s#?]+?)\/join#([A-Za-z0-9_-]{43})\s*$/.exec(link) ??
    /^\s*stint:\/\/join\?server=([^\s#&]+)#([A-Za-z0-9_-]{43})\s*$/.exec(link);
  const [, server, code] = match ?? [];
  if (server === undefined || code === undefined) return undefined;
  return { serverUrl: server.includes('://') ? server : decodeURIComponent(server), code };
}
