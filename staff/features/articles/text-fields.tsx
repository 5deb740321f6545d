import { Input, Radio } from 'antd';
import { useState } from 'react';
import {
  type ArticleClass,
  type ArticleContent,
  articleClasses,
  articleClassLabels,
} from '#shared/content.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { Field } from '../../ui/field.tsx';
import type { Draft } from './draft.ts';
import { articleTexts } from './texts.ts';

type TextFieldsProps = {
  draft: Draft;
  onText: (fields: Partial<ArticleContent>) => void;
  onClass: (level: ArticleClass) => void;
  onBlur: () => void;
};

const long = (value: string, limit: number) => `${[...value].length}/${limit}`;

/** The title stands large over the text, as it will be read. */
export function TitleField({ draft, onText, onBlur }: Omit<TextFieldsProps, 'onClass'>) {
  const w = useWords(articleTexts);
  const { title } = draft.working;
  // A new article begins with its title; one that has a title is opened to be read first.
  const [emptyAtFirst] = useState(title === '');
  return (
    <Field
      label={
        <>
          {w.fieldTitle} <span className="number">{long(title, 120)}</span>
        </>
      }
      className="title-field"
    >
      <Input.TextArea
        value={title}
        maxLength={120}
        autoSize
        autoFocus={emptyAtFirst}
        placeholder={w.titleHint}
        onChange={(event) => onText({ title: event.target.value.replace(/\n/g, '') })}
        onBlur={onBlur}
        data-testid="article-title"
      />
    </Field>
  );
}

export function DetailFields({ draft, onText, onClass, onBlur }: TextFieldsProps) {
  const w = useWords(articleTexts);
  const lang = useLang();
  const { author, digest } = draft.working;
  return (
    <div className="detail-fields">
      <Field
        label={
          <>
            {w.fieldDigest} <span className="number">{long(digest, 240)}</span>
          </>
        }
      >
        <Input.TextArea
          value={digest}
          maxLength={240}
          autoSize={{ minRows: 2 }}
          onChange={(event) => onText({ digest: event.target.value })}
          onBlur={onBlur}
          data-testid="article-digest"
        />
      </Field>
      <div className="detail-row">
        <Field
          label={
            <>
              {w.fieldAuthor} <span className="number">{long(author, 32)}</span>
            </>
          }
        >
          <Input
            value={author}
            maxLength={32}
            onChange={(event) => onText({ author: event.target.value })}
            onBlur={onBlur}
            data-testid="article-author"
          />
        </Field>
        <div className="field">
          <span>{w.class}</span>
          <Radio.Group
            aria-label={w.class}
            value={draft.class}
            onChange={(event) => onClass(event.target.value as ArticleClass)}
            options={articleClasses.map((level) => ({
              value: level,
              label: articleClassLabels[level][lang],
            }))}
            data-testid="article-class"
          />
        </div>
      </div>
    </div>
  );
}
