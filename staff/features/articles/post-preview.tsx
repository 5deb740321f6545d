import { useState } from 'react';
import type { VariantView } from '#shared/content.ts';
import { fill, useWords } from '../../lib/language.ts';
import { variantTexts } from './texts.ts';

/** Characters that a list shows before it folds the rest. */
const foldedAt = 120;

/** A post of words and pictures as a phone shows it in its list: long words folded, pictures below. */
export function PostPreview({ variant }: { variant: VariantView }) {
  const w = useWords(variantTexts);
  const [open, setOpen] = useState(false);
  const { title, body } = variant.content;
  const long = [...body.value].length > foldedAt;
  const shown = open || !long ? body.value : `${[...body.value].slice(0, foldedAt).join('')}…`;
  const video = variant.media.find((media) => media.role === 'video');
  const pictures = variant.media.filter((media) => media.role !== 'video');
  return (
    <div className="phone-frame post-preview">
      {video ? (
        // biome-ignore lint/a11y/useMediaCaption: a preview for the person who writes the transcript
        <video controls preload="none" src={video.url} poster={pictures[0]?.url} />
      ) : null}
      {title ? <strong>{title}</strong> : null}
      <p className="prose tight" data-testid="variant-text">
        {shown}
      </p>
      {long ? (
        <button type="button" className="unfold" onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? w.fold : w.unfold}
        </button>
      ) : null}
      {pictures.length > 0 && !video ? (
        <div className="post-pictures">
          {pictures.slice(0, 9).map((picture) => (
            <img key={picture.url} src={picture.url} alt={picture.alt} loading="lazy" />
          ))}
        </div>
      ) : null}
      {body.value.includes(variant.shortLink) ? <p className="quiet tight">{w.linkLater}</p> : null}
      {pictures.length > 0 ? <p className="quiet">{fill(w.pictures, { count: pictures.length })}</p> : null}
    </div>
  );
}
