import { endpoints } from '../../shared/protocol/endpoints.ts';
import { type ServerInfo, serverInfoSchema } from '../../shared/protocol/accounts.ts';
import { protocolVersion } from '../../shared/protocol/version.ts';
import type { ServerContext } from '../server-context.ts';
import type { HttpApp } from './http-app.ts';

/** What anyone may ask. */
export function registerServerRoutes(app: HttpApp, context: ServerContext): void {
  app.get(endpoints.server, { schema: { response: { 200: serverInfoSchema } } }, () => {
    const info: ServerInfo = {
      product: 'stint',
      version: context.version,
      protocol: protocolVersion,
      name: context.name,
      signup: context.signup,
    };
    return info;
  });

  app.get('/healthz', async () => {
    await context.database.db.selectFrom('organizationHeads').select('orgId').limit(1).execute();
    return { status: 'ok' };
  });
}
