import { App, Button } from 'antd';
import { useState } from 'react';
import {
  type AccountMenu,
  findMenuProblems,
  type MenuButton,
  type MenuProblem,
  publishAccountMenu,
  saveAccountMenu,
} from '#shared/menus.ts';
import { call } from '../../../lib/call.ts';
import { fill, useWords } from '../../../lib/language.ts';
import { useAction } from '../../../lib/query.ts';
import { Section } from '../../../ui/page.tsx';
import { useSayError } from '../../../ui/say-error.ts';
import { StateMark } from '../../../ui/state-mark.tsx';
import { newButton, newLeaf, removeAt, replaceAt, toSave, withEntries } from './draft.ts';
import { EntryFields } from './entry-fields.tsx';
import { MenuPreview } from './menu-preview.tsx';
import { menuTexts } from './texts.ts';

export function MenuEditor({ accountId, menu }: { accountId: string; menu: AccountMenu }) {
  const w = useWords(menuTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const [buttons, setButtons] = useState<MenuButton[]>(menu.buttons);
  const [base, setBase] = useState(menu.revision);
  const { limits, published } = menu;
  const problems = findMenuProblems(toSave(buttons), limits);
  const params = { accountId };
  const save = async () => {
    const body = { baseRevision: base, buttons: toSave(buttons) };
    const { revision } = await call(saveAccountMenu, { params, body });
    setBase(revision);
    return revision;
  };
  const saving = useAction(save, {
    topics: ['accounts'],
    onDone: () => void message.success(w.saved),
    onFailed: sayError,
  });
  const publishing = useAction(
    async () => call(publishAccountMenu, { params, body: { revision: await save() } }),
    { topics: ['accounts'], onFailed: sayError },
  );
  return (
    <div className="menu-work">
      <div>
        {buttons.map((button, at) => (
          <ButtonFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a place in the menu is what it is
            key={at}
            button={button}
            limits={limits}
            onChange={(next) => setButtons(replaceAt(buttons, at, next))}
            onRemove={() => setButtons(removeAt(buttons, at))}
          />
        ))}
        <div className="row">
          <Button
            disabled={buttons.length >= limits.top}
            onClick={() => setButtons([...buttons, newButton()])}
            data-testid="menu-add"
          >
            {w.addButton}
          </Button>
          {published && published.length > 0 ? (
            <Button onClick={() => setButtons(published)}>{w.take}</Button>
          ) : null}
        </div>
        <Problems problems={problems} />
        <div className="row">
          <Button
            type="primary"
            disabled={problems.length > 0 || published === null || menu.asked !== null}
            loading={publishing.isPending || menu.asked === 'publish'}
            onClick={() => publishing.mutate(undefined)}
            data-testid="menu-publish"
          >
            {w.publish}
          </Button>
          <Button loading={saving.isPending} onClick={() => saving.mutate(undefined)}>
            {w.save}
          </Button>
        </div>
      </div>
      <Section title={w.preview}>
        <MenuPreview buttons={buttons} testId="menu-preview" />
      </Section>
    </div>
  );
}

function ButtonFields({
  button,
  limits,
  onChange,
  onRemove,
}: {
  button: MenuButton;
  limits: AccountMenu['limits'];
  onChange: (button: MenuButton) => void;
  onRemove: () => void;
}) {
  const w = useWords(menuTexts);
  const { entries } = button;
  return (
    <div className="menu-button" data-testid="menu-button">
      <EntryFields
        entry={button}
        bytes={limits.topBytes}
        opens={entries.length === 0}
        onChange={(entry) => onChange({ ...button, ...entry })}
        onRemove={onRemove}
      />
      <div className="menu-below">
        {entries.map((leaf, at) => (
          <EntryFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a place in the menu is what it is
            key={at}
            entry={leaf}
            bytes={limits.belowBytes}
            opens
            onChange={(next) => onChange(withEntries(button, replaceAt(entries, at, next)))}
            onRemove={() => onChange(withEntries(button, removeAt(entries, at)))}
          />
        ))}
        <Button
          size="small"
          disabled={entries.length >= limits.below}
          onClick={() => onChange(withEntries(button, [...entries, newLeaf()]))}
          data-testid="menu-add-below"
        >
          {w.addBelow}
        </Button>
      </div>
    </div>
  );
}

function Problems({ problems }: { problems: readonly MenuProblem[] }) {
  const w = useWords(menuTexts);
  const words = {
    'too-many': w.tooMany,
    'too-many-below': w.tooManyBelow,
    'too-long': w.tooLong,
    'no-target': w.noTarget,
  };
  return (
    <ul className="lines-plain" data-testid="menu-problems">
      {problems.map((problem) => (
        <li key={JSON.stringify(problem)}>
          <StateMark tone="warn">{fill(words[problem.kind], { ...problem })}</StateMark>
        </li>
      ))}
    </ul>
  );
}
