import { useShortcutList, type Shortcut } from '../../frame/shortcuts.ts';
import { useSeatIfAny } from '../../frame/seat.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { employerShortcuts, internShortcuts, sharedShortcuts } from './screen-shortcuts.ts';
import spokenStyles from '../../ui/spoken.module.css';
import styles from './shortcuts-screen.module.css';

const inLists: readonly Shortcut[] = [
  { keys: ['↑'], label: 'Previous item', group: 'In lists' },
  { keys: ['↓'], label: 'Next item', group: 'In lists' },
  { keys: ['Enter'], label: 'Open the item', group: 'In lists' },
  { keys: ['Escape'], label: 'Close a menu or a dialog', group: 'In lists' },
  { keys: ['Mod', 'Enter'], label: 'Send what you are writing', group: 'While writing' },
  { keys: ['Mod', 'Z'], label: 'Take back', group: 'While writing' },
];

export function ShortcutsScreen() {
  const shortcuts = useShortcutList();
  const isIntern = useSeatIfAny()?.isIntern ?? true;
  const groups = Map.groupBy(
    [
      ...shortcuts,
      ...(isIntern ? internShortcuts : employerShortcuts),
      ...sharedShortcuts,
      ...inLists,
    ],
    ({ group }) => group,
  );
  return (
    <Page title="Keyboard shortcuts" width="reading">
      {[...groups].map(([group, members]) => (
        <Section key={group} title={group}>
          <dl className={styles.list}>
            {members.map(({ keys, label }) => (
              <div key={label} className={styles.line}>
                <dt>{label}</dt>
                <dd>
                  <span className={spokenStyles.spoken}>{keys.join(' ')}</span>
                  <KeyHint keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </Section>
      ))}
    </Page>
  );
}
