/**
 * What Node is started with, wherever it runs Stint: half of the young generation that V8 takes by itself. With less, more of what
 * is used for a moment grows old; with more, files that move need more memory than is promised
 * (docs/decisions/0024-buffers-are-let-go-early.md).
 */
export const nodeFlags = ['--max-semi-space-size=16'];
