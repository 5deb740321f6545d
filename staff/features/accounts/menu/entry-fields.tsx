import { AutoComplete, Button, Input, Select } from 'antd';
import { utf8Length } from '#shared/menus.ts';
import { fill, useWords } from '../../../lib/language.ts';
import { useMe } from '../../../lib/me.ts';
import type { MenuTarget } from './draft.ts';
import { menuTexts } from './texts.ts';

type Entry = { name: string; target: MenuTarget | null };

export function EntryFields({
  entry,
  bytes,
  opens,
  onChange,
  onRemove,
}: {
  entry: Entry;
  bytes: number;
  /** False for a button that has entries below it. */
  opens: boolean;
  onChange: (entry: Entry) => void;
  onRemove: () => void;
}) {
  const w = useWords(menuTexts);
  const { bureau } = useMe();
  // The first bureau's site is at the root as well, every bureau's here.
  const site = `${location.origin}/b/${bureau.slug}`;
  const used = utf8Length(entry.name);
  const target = entry.target ?? { kind: 'link' as const, url: '' };
  return (
    <div className="menu-entry">
      <div>
        <Input
          aria-label={w.name}
          placeholder={w.name}
          value={entry.name}
          maxLength={40}
          status={used > bytes ? 'error' : ''}
          onChange={(event) => onChange({ ...entry, name: event.target.value })}
          data-testid="menu-name"
        />
        <span className="quiet number">{fill(w.used, { used, limit: bytes })}</span>
      </div>
      {opens ? (
        <>
          <Select
            aria-label={w.kind}
            value={target.kind}
            options={[
              { value: 'link', label: w.link },
              { value: 'keyword', label: w.keyword },
            ]}
            onChange={(kind: MenuTarget['kind']) =>
              onChange({ ...entry, target: kind === 'link' ? { kind, url: '' } : { kind, key: '' } })
            }
          />
          {target.kind === 'link' ? (
            <AutoComplete
              className="menu-wide"
              aria-label={w.url}
              placeholder={w.url}
              value={target.url}
              options={[
                { value: `${site}`, label: w.siteHome },
                { value: `${site}/search`, label: w.siteSearch },
              ]}
              onChange={(url: string) => onChange({ ...entry, target: { kind: 'link', url } })}
              data-testid="menu-url"
            />
          ) : (
            <Input
              className="menu-wide"
              aria-label={w.key}
              placeholder={w.key}
              value={target.key}
              maxLength={40}
              onChange={(event) =>
                onChange({ ...entry, target: { kind: 'keyword', key: event.target.value } })
              }
            />
          )}
        </>
      ) : null}
      <Button onClick={onRemove}>{w.remove}</Button>
    </div>
  );
}
