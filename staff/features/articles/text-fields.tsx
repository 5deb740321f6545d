import { Input, Radio } from 'antd';
import { type ArticleClass, type ArticleContent, articleClasses, articleClassLabels } from '#shared/content.ts';
import { useLang, useWords } from '../../lib/language.ts';
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
  return (
    <label className="field title-field">
      <span>
        {w.fieldTitle} <span className="number">{long(title, 120)}</span>
      </span>
      <Input.TextArea
        value={title}
        maxLength={120}
        autoSize
        placeholder={w.titleHint}
        onChange={(event) => onText({ title: event.target.value.replace(/\n/g, '') })}
        onBlur={onBlur}
        data-testid="article-title"
      />
    </label>
  );
}

export function DetailFields({ draft, onText, onClass, onBlur }: TextFieldsProps) {
  const w = useWords(articleTexts);
  const lang = useLang();
  const { author, digest } = draft.working;
  return (
    <div className="detail-fields">
      <label className="field">
        <span>
          {w.fieldDigest} <span className="number">{long(digest, 240)}</span>
        </span>
        <Input.TextArea
          value={digest}
          maxLength={240}
          autoSize={{ minRows: 2 }}
          onChange={(event) => onText({ digest: event.target.value })}
          onBlur={onBlur}
          data-testid="article-digest"
        />
      </label>
      <div className="detail-row">
        <label className="field">
          <span>
            {w.fieldAuthor} <span className="number">{long(author, 32)}</span>
          </span>
          <Input
            value={author}
            maxLength={32}
            onChange={(event) => onText({ author: event.target.value })}
            onBlur={onBlur}
            data-testid="article-author"
          />
        </label>
        <div className="field">
          <span>{w.class}</span>
          <Radio.Group
            aria-label={w.class}
            value={draft.class}
            onChange={(event) => onClass(event.target.value as ArticleClass)}
            options={articleClasses.map((level) => ({ value: level, label: articleClassLabels[level][lang] }))}
            data-testid="article-class"
          />
        </div>
      </div>
    </div>
  );
}
