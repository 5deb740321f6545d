import type { MenuButton } from '#shared/menus.ts';

export type MenuTarget = NonNullable<MenuButton['target']>;
type Leaf = MenuButton['entries'][number];

const emptyTarget: MenuTarget = { kind: 'link', url: '' };
export const newLeaf = (): Leaf => ({ name: '', target: emptyTarget });
export const newButton = (): MenuButton => ({ name: '', target: emptyTarget, entries: [] });

export const replaceAt = <T>(list: readonly T[], at: number, item: T): T[] => list.with(at, item);
export const removeAt = <T>(list: readonly T[], at: number): T[] => list.toSpliced(at, 1);

/** A button with entries below it opens nothing itself. */
export function withEntries(button: MenuButton, entries: Leaf[]): MenuButton {
  if (entries.length > 0) return { ...button, target: null, entries };
  return { ...button, target: button.target ?? emptyTarget, entries };
}

/** Fields that are empty yet count as without a target, so that the draft can be saved half-done. */
export function toSave(buttons: readonly MenuButton[]): MenuButton[] {
  const clean = (target: MenuTarget | null): MenuTarget | null => {
    if (target === null) return null;
    return (target.kind === 'link' ? target.url : target.key).trim() === '' ? null : target;
  };
  return buttons.map((button) => ({
    ...button,
    target: clean(button.target),
    entries: button.entries.map((leaf) => ({ ...leaf, target: clean(leaf.target) })),
  }));
}
