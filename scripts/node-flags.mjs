/**
 * What Node is started with, wherever it runs Stint: a young generation of 16 MB. With less, more of what
 * is used for a moment grows old; with what V8 takes by itself, files that move need more memory than is promised
 * (docs/decisions/0024-buffers-are-let-go-early.md).
 */
export const nodeFlags = ['--max-semi-space-size=16'];
