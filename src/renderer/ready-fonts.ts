import { whenIdle } from './when-idle.ts';

const sizes = ['--text-small', '--text-body', '--text-reading', '--text-title'] as const;
const weights = ['--weight-regular', '--weight-strong'] as const;
const families = ['--font', '--font-mono'] as const;

/**
 * Fetches the faces of the interface's font, and has the browser look for each family, size and weight once, at quiet
 * moments and out of sight. Else whoever opens a screen waits for it: the browser asks another process for each of them when
 * the first such text is laid out, and a face that comes later has the whole screen laid out again.
 */
export async function readyFonts(ending: AbortSignal): Promise<void> {
  for (const face of document.fonts) {
    await whenIdle();
    if (ending.aborted) return;
    // Text is shown in another font where one is missing.
    await face.load().catch(() => {});
  }
  for (const family of families)
    for (const size of sizes)
      for (const weight of weights) {
        await whenIdle();
        if (ending.aborted) return;
        layOutSample(`font: var(${weight}) var(${size}) var(${family})`);
      }
}

function layOutSample(font: string): void {
  const sample = document.createElement('span');
  sample.textContent = 'Sample 1';
  sample.setAttribute('aria-hidden', 'true');
  sample.style.cssText = `${font}; position: fixed; visibility: hidden; contain: strict`;
  document.body.append(sample);
  sample.getBoundingClientRect();
  sample.remove();
}
