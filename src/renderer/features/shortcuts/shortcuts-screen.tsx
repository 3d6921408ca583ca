import { useShortcutList, type Shortcut } from '../../frame/shortcuts.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import styles from './shortcuts-screen.module.css';

/** What belongs to single screens; shown here although those screens are not standing now. */
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
  const groups = Map.groupBy([...shortcuts, ...inLists], ({ group }) => group);
  return (
    <Page title="Keyboard shortcuts" width="reading">
      {[...groups].map(([group, members]) => (
        <Section key={group} title={group}>
          <dl className={styles.list}>
            {members.map(({ keys, label }) => (
              <div key={label} className={styles.line}>
                <dt>{label}</dt>
                <dd>
                  <span className={styles.spoken}>{keys.join(' ')}</span>
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
