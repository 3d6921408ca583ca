import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { createBenchFolder } from './bench-folder.ts';

/**
 * The least that a notice needs: one durable insert on the device, one request over loopback, one durable insert
 * on the server, one server-sent event, and one durable insert on the other device; on PostgreSQL with a NOTIFY
 * that the second connection hears. Answers the times in ms, all in one process.
 */
export async function measureRawNotice(
  count: number,
  databaseUrl: string | undefined,
): Promise<number[]> {
  const folder = await createBenchFolder();
  const open = (name: string): Database.Database => {
    const connection = new Database(path.join(folder.path, name));
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.exec('create table entries (number integer primary key, body text)');
    return connection;
  };
  const insert = (connection: Database.Database, number: number): void =>
    void connection.prepare('insert into entries values (?, ?)').run(number, body);
  const sender = open('sender.db');
  const receiver = open('receiver.db');
  const server =
    databaseUrl === undefined
      ? openSqlite(open('server.db'), insert)
      : await openPostgres(databaseUrl);
  const streams: ServerResponse[] = [];
  server.onCommitted((number) => {
    for (const stream of streams) stream.write(`data: ${number}\n\n`);
  });
  const http = createServer((incoming, response) => {
    if (incoming.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      streams.push(response);
      return;
    }
    incoming.resume().once('end', () => {
      void server.insert(Number((incoming.url ?? '').slice(1))).then(() => response.end('{}'));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  let heard: (number: number) => void = () => undefined;
  const stream = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, resolve).on('error', reject).end();
  });
  stream.setEncoding('utf8').on('data', (text: string) => {
    const [, number] = /data: (\d+)/.exec(text) ?? [];
    if (number !== undefined) heard(Number(number));
  });
  try {
    const times: number[] = [];
    for (let number = 1; number <= count; number += 1) {
      const seen = new Promise<void>((resolve) => {
        heard = (told) => {
          if (told === number) resolve();
        };
      });
      const beganMs = performance.now();
      insert(sender, number);
      await (await fetch(`${url}/${number}`, { method: 'POST', body })).text();
      await seen;
      insert(receiver, number);
      times.push(performance.now() - beganMs);
    }
    return times;
  } finally {
    stream.destroy();
    http.close();
    http.closeAllConnections();
    await server.close();
    sender.close();
    receiver.close();
    await folder.remove();
  }
}

const body = 'x'.repeat(600);

interface RawStore {
  insert(number: number): Promise<void>;
  onCommitted(listener: (number: number) => void): void;
  close(): Promise<void>;
}

function openSqlite(
  connection: Database.Database,
  insert: (connection: Database.Database, number: number) => void,
): RawStore {
  let listener: (number: number) => void = () => undefined;
  return {
    async insert(number) {
      insert(connection, number);
      await Promise.resolve();
      listener(number);
    },
    onCommitted: (next) => (listener = next),
    close: () => Promise.resolve(void connection.close()),
  };
}

async function openPostgres(databaseUrl: string): Promise<RawStore> {
  const writer = new Client({ connectionString: databaseUrl });
  const hearer = new Client({ connectionString: databaseUrl });
  await writer.connect();
  await hearer.connect();
  await writer.query('create table if not exists entries (number bigint primary key, body text)');
  await writer.query('truncate entries');
  await hearer.query('listen raw');
  return {
    async insert(number) {
      await writer.query('insert into entries values ($1, $2)', [number, body]);
      await writer.query("select pg_notify('raw', $1)", [String(number)]);
    },
    onCommitted(listener) {
      hearer.on('notification', ({ payload }) => listener(Number(payload)));
    },
    async close() {
      await writer.end();
      await hearer.end();
    },
  };
}
