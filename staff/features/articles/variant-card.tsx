import { Button, Collapse, Input } from 'antd';
import type { Target, VariantView } from '#shared/content.ts';
import { reachLabels } from '#shared/publishing.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { Field } from '../../ui/field.tsx';
import { ProblemList } from '../../ui/problem-list.tsx';
import { SafeFrame, withHead } from '../../ui/safe-frame.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { variantTexts } from './texts.ts';

type VariantCardProps = { variant: VariantView; target: Target | null; onTarget: (target: Target) => void };

export function VariantCard({ variant, target, onTarget }: VariantCardProps) {
  const w = useWords(variantTexts);
  const lang = useLang();
  // What holds for every account stands in the list beside the text.
  const problems = variant.problems.filter((problem) => problem.accountId !== null);
  const isText = variant.content.body.kind === 'text';
  return (
    <article
      className="variant"
      data-testid="variant"
      data-platform={variant.platform}
      data-account={variant.accountName}
    >
      <header>
        <h3>{variant.accountName}</h3>
        <p className="quiet">
          {variant.platformName[lang]} · {reachLabels[variant.reach][lang]}
        </p>
        <Counts variant={variant} />
      </header>
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
      {isText ? (
        <div className="variant-text">
          <p className="prose tight" data-testid="variant-text">
            {variant.content.body.value}
          </p>
          {variant.content.body.value.includes(variant.shortLink) ? (
            <p className="quiet tight">{w.linkLater}</p>
          ) : null}
          {variant.content.media.length > 0 ? (
            <p className="quiet">{fill(w.pictures, { count: variant.content.media.length })}</p>
          ) : null}
        </div>
      ) : (
        <div className="phone-frame">
          <SafeFrame
            html={withHead(variant.previewHtml, variant.content.title, variant.content.author)}
            title={fill(w.preview, { name: variant.accountName })}
          />
        </div>
      )}
      {target ? (
        <OwnWording target={target} isText={isText} shown={variant.content.body.value} onTarget={onTarget} />
      ) : null}
    </article>
  );
}

function Counts({ variant }: { variant: VariantView }) {
  const w = useWords(variantTexts);
  return (
    <div className="counts">
      {variant.counts.map((count) => {
        const over = count.used - count.limit;
        const words = `${w[`field_${count.field}`]} ${fill(w.used, { used: count.used, limit: count.limit })}${count.unit === 'bytes' ? ` ${w.bytes}` : ''}`;
        return (
          <span key={count.field} className="number" data-testid={`count-${count.field}`}>
            {over > 0 ? (
              <StateMark tone="bad">
                {words} · {fill(w.over, { count: over })}
              </StateMark>
            ) : (
              words
            )}
          </span>
        );
      })}
    </div>
  );
}

type OwnWordingProps = {
  target: Target;
  isText: boolean;
  shown: string;
  onTarget: (target: Target) => void;
};

/** Wording for this account alone; an empty field follows the article again. */
function OwnWording({ target, isText, shown, onTarget }: OwnWordingProps) {
  const w = useWords(variantTexts);
  const set = (field: 'title' | 'digest' | 'text', value: string) => {
    const { [field]: _, ...rest } = target.override;
    onTarget({ ...target, override: value === '' ? rest : { ...rest, [field]: value } });
  };
  const own = Object.keys(target.override).length > 0;
  const fields = isText ? (
    <>
      <Field label={w.ownText}>
        <Input.TextArea
          value={target.override.text ?? ''}
          autoSize={{ minRows: 3, maxRows: 14 }}
          maxLength={5_000}
          onChange={(event) => set('text', event.target.value)}
          data-testid="own-text"
        />
      </Field>
      {own ? null : (
        <Button size="small" onClick={() => set('text', shown)} data-testid="own-text-start">
          {w.startFromShown}
        </Button>
      )}
    </>
  ) : (
    <>
      <Field label={w.ownTitle}>
        <Input
          value={target.override.title ?? ''}
          maxLength={120}
          onChange={(event) => set('title', event.target.value)}
          data-testid="own-title"
        />
      </Field>
      <Field label={w.ownDigest}>
        <Input.TextArea
          value={target.override.digest ?? ''}
          maxLength={240}
          autoSize
          onChange={(event) => set('digest', event.target.value)}
        />
      </Field>
    </>
  );
  const label = own ? <StateMark tone="calm">{w.changed}</StateMark> : w.change;
  return <Collapse ghost size="small" items={[{ key: 'own', label, children: fields }]} />;
}
