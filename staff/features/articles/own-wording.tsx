import { Button, Collapse, Input, Select } from 'antd';
import type { Target, VariantOverride, VariantView } from '#shared/content.ts';
import { fill, useWords } from '../../lib/language.ts';
import { Field } from '../../ui/field.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { FileChoice } from './media-fields.tsx';
import { variantTexts } from './texts.ts';

type OwnWordingProps = { target: Target; variant: VariantView; onTarget: (target: Target) => void };

/** Wording, cover and topics for this account alone; an empty field follows the article again. */
export function OwnWording({ target, variant, onTarget }: OwnWordingProps) {
  const w = useWords(variantTexts);
  const { override } = target;
  const isText = variant.content.body.kind === 'text';
  const set = <F extends keyof VariantOverride>(field: F, value: VariantOverride[F] | null) => {
    const { [field]: _, ...rest } = override;
    // No topics at all is a choice too.
    const empty = value === null || value === '';
    onTarget({ ...target, override: empty ? rest : { ...rest, [field]: value } });
  };
  const own = Object.keys(override).length > 0;
  const fields = (
    <>
      {variant.content.title === null ? null : (
        <Field label={w.ownTitle}>
          <Input
            value={override.title ?? ''}
            maxLength={120}
            onChange={(event) => set('title', event.target.value)}
            data-testid="own-title"
          />
        </Field>
      )}
      {variant.content.digest === null ? null : (
        <Field label={w.ownDigest}>
          <Input.TextArea
            value={override.digest ?? ''}
            maxLength={240}
            autoSize
            onChange={(event) => set('digest', event.target.value)}
          />
        </Field>
      )}
      {isText ? (
        <Field label={w.ownText}>
          <Input.TextArea
            value={override.text ?? ''}
            autoSize={{ minRows: 3, maxRows: 14 }}
            maxLength={5_000}
            onChange={(event) => set('text', event.target.value)}
            data-testid="own-text"
          />
        </Field>
      ) : null}
      {isText && override.text === undefined ? (
        <Button
          size="small"
          onClick={() => set('text', variant.content.body.value)}
          data-testid="own-text-start"
        >
          {w.startFromShown}
        </Button>
      ) : null}
      {variant.topicsMost > 0 ? (
        <Field label={fill(w.ownTopics, { most: variant.topicsMost })}>
          <Select
            mode="tags"
            open={false}
            suffixIcon={null}
            maxCount={variant.topicsMost}
            value={override.topics ?? variant.topics}
            placeholder={w.noTopics}
            tokenSeparators={[' ', '#', '＃', ',', '，', '、']}
            onChange={(topics: string[]) =>
              set(
                'topics',
                topics.map((topic) => topic.replace(/[\s#＃@]/g, '').slice(0, 20)).filter(Boolean),
              )
            }
            data-testid="own-topics"
          />
        </Field>
      ) : null}
      <div className="field">
        <span>{w.ownCover}</span>
        <FileChoice
          kind="picture"
          fileId={override.coverFileId ?? null}
          empty={w.coverFollows}
          onChange={(fileId) => set('coverFileId', fileId)}
        />
      </div>
      {own ? (
        <Button size="small" onClick={() => onTarget({ ...target, override: {} })} data-testid="own-reset">
          {w.reset}
        </Button>
      ) : null}
    </>
  );
  const label = own ? <StateMark tone="calm">{w.changed}</StateMark> : w.change;
  return <Collapse ghost size="small" items={[{ key: 'own', label, children: fields }]} />;
}

/** The automatic words beside what a person made of them. */
export function Differs({ differs }: { differs: VariantView['differs'] }) {
  const w = useWords(variantTexts);
  if (differs.length === 0) return null;
  return (
    <details className="differs" data-testid="differs">
      <summary>
        {fill(w.differs, { fields: differs.map((one) => w[`field_${one.field}`]).join('、') })}
      </summary>
      {differs.map((one) => (
        <div key={one.field}>
          <p className="quiet tight">{fill(w.automatic, { field: w[`field_${one.field}`] })}</p>
          {one.field === 'media' ? (
            one.automatic ? (
              <img src={one.automatic} alt="" className="differs-cover" />
            ) : null
          ) : (
            <p className="prose tight">{one.automatic.replace(/<[^>]*>/g, '')}</p>
          )}
        </div>
      ))}
    </details>
  );
}
