import { useMemo, type ReactNode } from 'react';
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import { cx } from '../ui/cx.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import overlayStyles from '../ui/overlay.module.css';
import styles from './command-palette.module.css';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  /** More words it can be found by, shown quietly beside the label. */
  readonly detail?: string;
  readonly icon?: ReactNode;
  readonly keys?: readonly string[];
  /** Found by something else than its words here. */
  readonly isMatched?: boolean;
  readonly run: () => void;
}

export interface CommandPaletteProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly commands: readonly Command[];
}

const shownAtMost = 40;

/** Every word typed must begin some word of the command. Those whose label starts so come first. */
function findCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const words = fold(typed).split(/\s+/u).filter(Boolean);
  if (words.length === 0) return commands.slice(0, shownAtMost);
  const found: { readonly command: Command; readonly rank: number }[] = [];
  for (const command of commands) {
    if (command.isMatched === true) {
      found.push({ command, rank: 0 });
      continue;
    }
    const text = ` ${fold(`${command.label} ${command.detail ?? ''} ${command.group}`)}`;
    if (
      !words.every((word) => text.includes(` ${word}`) || (word.length > 2 && text.includes(word)))
    )
      continue;
    found.push({ command, rank: fold(command.label).startsWith(words[0] ?? '') ? 0 : 1 });
  }
  return found
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, shownAtMost)
    .map(({ command }) => command);
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

export function CommandPalette({
  isOpen,
  onOpenChange,
  typed,
  onType,
  commands,
}: CommandPaletteProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable
      className={cx(overlayStyles.scrim)}
    >
      <Modal className={cx(overlayStyles.modal, overlayStyles.modalMedium)}>
        <Dialog aria-label="Search and commands" className={cx(overlayStyles.dialog)}>
          <PaletteBody
            commands={commands}
            typed={typed}
            onType={onType}
            onDone={() => onOpenChange(false)}
          />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function PaletteBody({
  commands,
  typed,
  onType,
  onDone,
}: Pick<CommandPaletteProps, 'commands' | 'typed' | 'onType'> & { readonly onDone: () => void }) {
  const groups = useMemo(() => {
    const byGroup = new Map<string, Command[]>();
    for (const command of findCommands(commands, typed)) {
      const group = byGroup.get(command.group);
      if (group === undefined) byGroup.set(command.group, [command]);
      else group.push(command);
    }
    return [...byGroup];
  }, [commands, typed]);
  return (
    <Autocomplete inputValue={typed} onInputChange={onType}>
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- The person opened this in order to type. */}
      <SearchField aria-label="Search tasks, places and actions" autoFocus>
        <Input className={cx(styles.input)} placeholder="Search tasks, places and actions" />
      </SearchField>
      <Menu
        aria-label="Results"
        className={cx(styles.results)}
        renderEmptyState={() => <p className={styles.nothing}>Nothing goes by that name.</p>}
      >
        {groups.map(([group, members]) => (
          <MenuSection key={group}>
            <Header className={cx(overlayStyles.section)}>{group}</Header>
            {members.map((command) => (
              <MenuItem
                key={command.id}
                id={command.id}
                textValue={command.label}
                className={cx(overlayStyles.item)}
                onAction={() => {
                  onDone();
                  command.run();
                }}
              >
                {command.icon === undefined ? null : (
                  <span className={overlayStyles.itemIcon} aria-hidden>
                    {command.icon}
                  </span>
                )}
                <span className={overlayStyles.itemLabel}>
                  {command.label}
                  {command.detail === undefined ? null : (
                    <span className={styles.detail}> {command.detail}</span>
                  )}
                </span>
                {command.keys === undefined ? null : (
                  <span className={overlayStyles.itemEnd}>
                    <KeyHint keys={command.keys} />
                  </span>
                )}
              </MenuItem>
            ))}
          </MenuSection>
        ))}
      </Menu>
    </Autocomplete>
  );
}
