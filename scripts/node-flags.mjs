/**
 * What Node is started with, wherever it runs Stint. A young generation of 4 MB instead of 16: buffers of files that
 * move are let go of four times as often
 * (docs/decisions/0024-buffers-are-let-go-early.md).
 */
export const nodeFlags = ['--max-semi-space-size=4'];
