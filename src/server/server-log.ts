import { type DestinationStream, pino } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type ServerLog = ReturnType<typeof createServerLog>;

/**
 * Structured lines on standard error (standard output belongs to the command line). A line never holds
 * a body, a query, a header, a token, a code or an e-mail address.
 */
export function createServerLog(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
) {
  return pino(
    {
      level,
      base: { product: 'stint-server' },
      // What the framework logs by itself: Node keeps the bytes of a request that it cannot parse with the error.
      serializers: { err: describeFault },
    },
    destination,
  );
}

/** What may be logged of a fault: where it happened, not its message, which may quote contents. */
export function describeFault(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { type: error.name, ...(code === undefined ? {} : { code }), frames };
}
