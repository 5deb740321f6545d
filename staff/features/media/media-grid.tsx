import type { MediaItem } from '#shared/media.ts';
import { sayLength } from '../../lib/file-words.ts';
import { fill, useWords } from '../../lib/language.ts';
import { mediaTexts } from './texts.ts';

type MediaGridProps = { items: readonly MediaItem[]; onChoose: (item: MediaItem) => void };

export function MediaGrid({ items, onChoose }: MediaGridProps) {
  return (
    <ul className="media-grid">
      {items.map((item) => (
        <li key={item.id}>
          <Tile item={item} onChoose={onChoose} />
        </li>
      ))}
    </ul>
  );
}

function Tile({ item, onChoose }: { item: MediaItem; onChoose: (item: MediaItem) => void }) {
  const w = useWords(mediaTexts);
  return (
    <button
      type="button"
      className="media-tile"
      onClick={() => onChoose(item)}
      data-testid="media-tile"
      data-kind={item.kind}
      data-name={item.name}
    >
      <span className="media-thumb">
        {item.coverUrl ? <img src={item.coverUrl} alt="" loading="lazy" decoding="async" /> : <span>▶</span>}
        {item.durationMs ? <span className="media-length">▶ {sayLength(item.durationMs)}</span> : null}
      </span>
      <span className="media-name">{item.name}</span>
      <span className="quiet">
        {item.uses > 0 ? fill(w.usedBy, { count: item.uses }) : w.unused}
        {item.alt || item.kind === 'video' ? '' : ` · ${w.noAlt}`}
      </span>
    </button>
  );
}
