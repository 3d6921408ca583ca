import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from '@playwright/test';

/**
 * Renders the SVGs beside this file to PNG with an installed Chromium, and packs the sizes that Windows and
 * macOS want into one file each. Run it by hand after a change of an SVG: `node resources/icons/generate.ts`,
 * with CHROMIUM set where the browser is not at /usr/bin/chromium. What it writes is committed.
 */

const folder = dirname(fileURLToPath(import.meta.url));
const iconSizesPx = [16, 32, 48, 64, 128, 256, 512, 1024] as const;

interface SizedPng {
  readonly sizePx: number;
  readonly png: Uint8Array;
}

/**
 * An .ico file: a 6-byte header, 16 bytes for each image, then the images, which may be PNG since Windows
 * Vista (Microsoft, "Icons", ICONDIR and ICONDIRENTRY). A size of 256 is written as 0.
 */
function encodeIco(images: readonly SizedPng[]): Uint8Array {
  const directory = Buffer.alloc(6 + images.length * 16);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(images.length, 4);
  let offset = directory.length;
  images.forEach(({ sizePx, png }, index) => {
    const entry = 6 + index * 16;
    directory.writeUInt8(sizePx % 256, entry);
    directory.writeUInt8(sizePx % 256, entry + 1);
    directory.writeUInt16LE(1, entry + 4);
    directory.writeUInt16LE(32, entry + 6);
    directory.writeUInt32LE(png.length, entry + 8);
    directory.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([directory, ...images.map(({ png }) => png)]);
}

/**
 * The types of an .icns file that hold PNG, by size in pixels; one size may serve a normal and a
 * high-density slot (https://en.wikipedia.org/wiki/Apple_Icon_Image_format, "Icon types").
 */
const icnsTypes: readonly (readonly [type: string, sizePx: number])[] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
];

/** An .icns file: "icns" and the whole length, then type, length (with these 8 bytes) and PNG of each image. */
function encodeIcns(images: readonly SizedPng[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [type, sizePx] of icnsTypes) {
    const image = images.find((candidate) => candidate.sizePx === sizePx);
    if (image === undefined)
      throw new RangeError(`The .icns needs an image of ${String(sizePx)} pixels.`);
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(image.png.length + 8, 4);
    parts.push(head, image.png);
  }
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

async function renderPng(browser: Browser, svgName: string, sizePx: number): Promise<Uint8Array> {
  const svg = await readFile(join(folder, svgName), 'utf8');
  const page = await browser.newPage({ viewport: { width: sizePx, height: sizePx } });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${String(sizePx)}px}</style>${svg}`,
  );
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

async function generateIcons(): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const images: SizedPng[] = [];
    for (const sizePx of iconSizesPx) {
      const source = sizePx <= 16 ? 'icon-tiny.svg' : sizePx <= 32 ? 'icon-small.svg' : 'icon.svg';
      const png = await renderPng(browser, source, sizePx);
      images.push({ sizePx, png });
      await writeFile(join(folder, `icon-${String(sizePx)}.png`), png);
    }
    const forWindows = images.filter(({ sizePx }) => sizePx <= 256);
    await writeFile(join(folder, 'icon.ico'), encodeIco(forWindows));
    await writeFile(join(folder, 'icon.icns'), encodeIcns(images));
    for (const sizePx of [16, 32]) {
      const png = await renderPng(browser, 'tray.svg', sizePx);
      await writeFile(join(folder, `tray-${String(sizePx)}.png`), png);
      // macOS recognises a template image, and its high-density twin, by these names.
      await writeFile(
        join(folder, sizePx === 16 ? 'trayTemplate.png' : 'trayTemplate@2x.png'),
        png,
      );
    }
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generateIcons();
