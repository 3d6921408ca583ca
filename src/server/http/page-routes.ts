import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { ServerContext } from '../server-context.ts';
import type { HttpApp } from './http-app.ts';

const style = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
body { margin: 0; display: grid; min-height: 100vh; place-items: center; }
main { max-width: 34rem; padding: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
code { font-size: 0.95em; overflow-wrap: anywhere; }
li + li { margin-top: 0.5rem; }
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** What a person sees who opens the server's address, or an invitation, in a browser. No script at all. */
export function registerPageRoutes(app: HttpApp, context: ServerContext): void {
  const name = escapeHtml(context.name);

  app.get('/', (_request, reply) =>
    sendPage(
      reply,
      `${name} – Stint`,
      `<h1>${name}</h1>
<p>This is a Stint server. It keeps the work of micro-internships in step between the people who take part in them.</p>
<p>There is nothing to do here in the browser: open the Stint app and give it this server’s address${computeAddress(context)}.</p>`,
    ),
  );

  app.get('/join', (_request, reply) =>
    sendPage(
      reply,
      `Your invitation – ${name}`,
      `<h1>You are invited to work with Stint</h1>
<p>This link is your invitation. It opens in the Stint app, not in the browser:</p>
<ol>
<li>Copy this page’s whole address from the address bar. Its last part, after the <code>#</code>, is your personal code; it stays in your browser, and this server has not seen it.</li>
<li>Open Stint on your computer. If you do not have it yet, ask the organization that invited you where to get it.</li>
<li>Choose <strong>Join with an invitation</strong> and paste the address.</li>
</ol>
<p>You will see who invites you, and to what, before you agree to anything. The link works once.</p>`,
    ),
  );
}

function computeAddress({ publicUrl }: ServerContext): string {
  return publicUrl === undefined ? '' : `, <code>${escapeHtml(publicUrl)}</code>`;
}

function sendPage(reply: FastifyReply, title: string, body: string): FastifyReply {
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ).send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
