import type { MenuButton } from '#shared/menus.ts';
import { useWords } from '../../../lib/language.ts';
import { menuTexts } from './texts.ts';

/** As it stands below the conversation on a phone, everything unfolded. */
export function MenuPreview({ buttons, testId }: { buttons: readonly MenuButton[]; testId: string }) {
  const w = useWords(menuTexts);
  return (
    <div className="menu-phone" data-testid={testId}>
      {buttons.length === 0 ? <p className="quiet empty">{w.none}</p> : null}
      <ul>
        {buttons.map((button, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a place in the menu is what it is
          <li key={at}>
            {button.entries.length > 0 ? (
              <ol>
                {button.entries.map((leaf, below) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a place in the menu is what it is
                  <li key={below}>{leaf.name}</li>
                ))}
              </ol>
            ) : null}
            <span>{button.name}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
