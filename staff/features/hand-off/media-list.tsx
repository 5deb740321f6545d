import { Button } from 'antd';
import type { HandOffTask } from '#shared/tasks.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { handOffTexts } from './texts.ts';

type Item = HandOffTask['media'][number];

/** Pictures as they are posted, one by one for a phone, all in one pack for a computer; a video as a link of its own. */
export function MediaList({ task: { media, mediaPackUrl } }: { task: HandOffTask }) {
  const w = useWords(handOffTexts);
  const lang = useLang();
  if (media.length === 0) return null;
  const videos = media.filter(({ kind }) => kind === 'video');
  const pictures = media.filter(({ kind, spare }) => kind === 'picture' && !spare);
  const spare = media.filter((one) => one.spare);
  return (
    <section className="section" data-testid="hand-off-media">
      <h2>{w.media}</h2>
      {videos.map(({ url, name }) => (
        <p key={url}>
          <Button size="large" block href={url} download={name} data-testid="save-video">
            {fill(w.saveVideo, { name })}
          </Button>
        </p>
      ))}
      {pictures.length > 0 ? <p className="quiet">{w.saveOne}</p> : null}
      <Pictures items={pictures} />
      {media.some(({ cutBy }) => cutBy === 'program') ? <p className="quiet">{w.cutByProgram}</p> : null}
      {spare.length > 0 ? (
        <details className="spare-covers">
          <summary>{fill(w.spareCovers, { count: spare.length })}</summary>
          <Pictures items={spare} />
        </details>
      ) : null}
      {mediaPackUrl ? (
        <Button
          size="large"
          block
          href={lang === 'en' ? `${mediaPackUrl}?lang=en` : mediaPackUrl}
          data-testid="media-pack"
        >
          {w.mediaPack}
        </Button>
      ) : null}
    </section>
  );
}

function Pictures({ items }: { items: readonly Item[] }) {
  const w = useWords(handOffTexts);
  return (
    <ol className="media">
      {items.map((item) => (
        <li key={`${item.place} ${item.role} ${item.ratio}`}>
          <img src={item.url} alt={item.name} loading="lazy" />
          <span className="quiet">
            {item.role === 'cover' ? w.cover : fill(w.nthPicture, { place: item.place })}
            {item.ratio ? ` ${item.ratio}` : ''}
          </span>
          {item.cutBy ? (
            <a href={item.originalUrl} target="_blank" rel="noopener noreferrer">
              {w.original}
            </a>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
