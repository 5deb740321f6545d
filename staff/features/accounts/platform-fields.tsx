import { Form, Input, Select } from 'antd';
import type { PlatformView } from '#shared/accounts.ts';
import type { Lang } from '#shared/lang.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { accountTexts } from './texts.ts';

type PlatformFieldsProps = { platform: PlatformView; secretsSet: readonly string[]; isNew: boolean };

/** Form names are prefixed, so that a setting and a secret of the same key don't meet. */
const fieldName = (kind: 'setting' | 'secret', key: string) => [kind, key];

function patternOf(source: string): RegExp | null {
  try {
    return new RegExp(source);
  } catch {
    return null; // A pattern the browser doesn't know is checked by the server alone.
  }
}

type Field = PlatformView['fields'][number];

/** A pattern that only lists words, `^(a|b)$`, is a choice and not something to type. */
function choices({ pattern, kind }: Field): string[] {
  const listed = kind === 'setting' ? /^\^\(([\w-]+(?:\|[\w-]+)+)\)\$$/.exec(pattern ?? '') : null;
  return listed?.[1]?.split('|') ?? [];
}

/** The label explains the words: `类型（subscription 订阅号，service 服务号）`. */
function choiceWord({ label }: Field, value: string, lang: Lang): string {
  const said = new RegExp(`${value} ([^，）,)]+)`).exec(label.zh)?.[1];
  return lang === 'zh' && said ? said : value;
}

function fieldLabel(field: Field, lang: Lang): string {
  return choices(field).length > 0 ? field.label[lang].replace(/\s*[（(].*$/, '') : field.label[lang];
}

/** The fields that this platform asks for, as the server describes them. */
export function PlatformFields({ platform, secretsSet, isNew }: PlatformFieldsProps) {
  const w = useWords(accountTexts);
  const lang = useLang();
  return (
    <>
      {platform.fields.map((field) => {
        const isSet = secretsSet.includes(field.key);
        const pattern = field.pattern ? patternOf(field.pattern) : null;
        return (
          <Form.Item
            key={field.kind + field.key}
            name={fieldName(field.kind, field.key)}
            label={fieldLabel(field, lang)}
            extra={field.kind === 'secret' && !isNew ? (isSet ? w.secretSet : w.secretUnset) : undefined}
            rules={[
              { required: field.required && (isNew || field.kind === 'setting'), message: w.needed },
              ...(pattern ? [{ pattern, message: w.malformed }] : []),
            ]}
          >
            {choices(field).length > 0 ? (
              <Select
                options={choices(field).map((value) => ({ value, label: choiceWord(field, value, lang) }))}
              />
            ) : field.kind === 'secret' ? (
              <Input.Password autoComplete="new-password" />
            ) : (
              <Input autoComplete="off" />
            )}
          </Form.Item>
        );
      })}
      {platform.fields.some((field) => field.kind === 'secret') ? (
        <p className="quiet">{w.secretNote}</p>
      ) : null}
    </>
  );
}

/** Empty fields are not sent: a secret left empty stays as it is. */
export function filled(values: Record<string, string | undefined> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  );
}
