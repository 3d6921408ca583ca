import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What axe found, by the screen and the colours in which it was looked at. */
export type Findings = Record<string, string[]>;

/**
 * What an entry of a menu is for stands below its label, and describes it (`aria-describedby`); axe takes it for a part
 * of the label. In the palette the focus stays in the text field, whose arrow keys go through the results and scroll them
 * (`aria-activedescendant`); axe looks for something in them that takes the focus itself.
 */
const rulesLeftOut: Readonly<Record<string, string[]>> = {
  'files-of-task': ['label-content-name-mismatch'],
  'stop-sending': ['label-content-name-mismatch'],
  'command-palette': ['scrollable-region-focusable'],
};

const appearances = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' } },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'forced colours', media: { colorScheme: 'light', forcedColors: 'active' } },
] as const;

/**
 * Looks at what stands on the page with everything that axe knows of WCAG 2.2 AA and its good practices, and adds
 * what it finds. What has nothing to do with colours is the same in all of them, and looked at once.
 */
export async function lookWithAxe(page: Page, name: string, findings: Findings): Promise<void> {
  for (const { name: appearance, media } of appearances) {
    await page.emulateMedia(media);
    // `legacy`: without a blank page of its own for each answer. Frames of another origin are not looked into.
    // What the first look has put into the page is there for the others: its source is half a megabyte.
    const source = appearance === 'light' ? {} : { axeSource: 'void window.axe' };
    const axe = new AxeBuilder({ page, ...source })
      .setLegacyMode(true)
      .options({ resultTypes: ['violations'] })
      // React Aria's live region names what was pending by its label, for seven seconds after that is gone.
      .exclude('[data-live-announcer]');
    const rules =
      appearance === 'light'
        ? axe.disableRules(rulesLeftOut[name] ?? [])
        : axe.withRules(['color-contrast', 'link-in-text-block']);
    const { violations } = await rules.analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`,
      ),
    );
    if (found.length > 0) findings[`${name}, ${appearance}`] = found;
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
}

/** As `lookWithAxe`, for a screen that is looked at by itself. */
export async function expectNoFindings(page: Page, name = 'this screen'): Promise<void> {
  const findings: Findings = {};
  await lookWithAxe(page, name, findings);
  expect(findings).toEqual({});
}
