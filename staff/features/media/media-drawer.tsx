import { App, Button, Drawer, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { deleteMedia, describeMedia, getMedia, type MediaItem } from '#shared/media.ts';
import { call } from '../../lib/call.ts';
import { sayLength, saySize } from '../../lib/file-words.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { CropDialog } from './crop-dialog.tsx';
import { MediaGrid } from './media-grid.tsx';
import { mediaTexts } from './texts.ts';

type MediaDrawerProps = { fileId: string; onOpen: (fileId: string) => void; onClose: () => void };
type Detail = MediaItem & {
  usedIn: { articleId: string; title: string }[];
  crops: MediaItem[];
  similar: MediaItem[];
};

export function MediaDrawer({ fileId, onOpen, onClose }: MediaDrawerProps) {
  const w = useWords(mediaTexts);
  const reading = useRead(getMedia, ['media', 'articles'], { params: { fileId } });
  return (
    <Drawer
      open
      onClose={onClose}
      title={reading.data?.name ?? w.title}
      size="large"
      data-testid="media-drawer"
    >
      <Async reading={reading}>
        {(item) => <MediaDetail key={item.id} item={item} onOpen={onOpen} onClose={onClose} />}
      </Async>
    </Drawer>
  );
}

function MediaDetail({ item, onOpen, onClose }: { item: Detail } & Omit<MediaDrawerProps, 'fileId'>) {
  const w = useWords(mediaTexts);
  const lang = useLang();
  const mayWrite = useMay('article.write');
  const [cropping, setCropping] = useState(false);
  const { message } = App.useApp();
  return (
    <div className="media-detail">
      {item.kind === 'video' ? (
        // biome-ignore lint/a11y/useMediaCaption: the transcript belongs to the article that shows the video
        <video controls preload="metadata" src={item.url} poster={item.coverUrl ?? undefined} />
      ) : (
        <img src={item.url} alt={item.alt} />
      )}
      <Facts item={item} />
      {mayWrite ? <Describe item={item} /> : <p>{item.alt || w.noAlt}</p>}
      {item.similar.length > 0 ? (
        <section data-testid="media-similar">
          <h3>
            <StateMark tone="warn">{w.similar}</StateMark>
          </h3>
          <p className="quiet">{w.similarHelp}</p>
          <MediaGrid items={item.similar} onChoose={(other) => onOpen(other.id)} />
        </section>
      ) : null}
      <section>
        <h3>{w.usedIn}</h3>
        {item.usedIn.length === 0 ? (
          <p className="quiet">
            {item.deletedAt ? fill(w.unusedUntil, { time: sayMoment(item.deletedAt, lang) }) : w.notUsed}
          </p>
        ) : (
          <ul data-testid="media-uses">
            {item.usedIn.map((use) => (
              <li key={use.articleId}>
                <To href={`/articles/${use.articleId}`}>{use.title || w.untitled}</To>
              </li>
            ))}
          </ul>
        )}
      </section>
      {item.crops.length > 0 ? (
        <section>
          <h3>{w.crops}</h3>
          <MediaGrid items={item.crops} onChoose={(cut) => onOpen(cut.id)} />
        </section>
      ) : null}
      {mayWrite ? (
        <div className="row">
          {item.kind === 'picture' ? (
            <Button onClick={() => setCropping(true)} data-testid="media-crop">
              {w.crop}
            </Button>
          ) : null}
          {item.parentId ? <Button onClick={() => onOpen(item.parentId!)}>{w.parent}</Button> : null}
          {item.deletedAt && item.crops.length === 0 ? <Remove item={item} onDone={onClose} /> : null}
        </div>
      ) : null}
      {cropping ? (
        <CropDialog
          item={item}
          onClose={() => setCropping(false)}
          onDone={(cut) => {
            setCropping(false);
            void message.success(w.cropped);
            onOpen(cut.id);
          }}
        />
      ) : null}
    </div>
  );
}

function Facts({ item }: { item: MediaItem }) {
  const w = useWords(mediaTexts);
  const lang = useLang();
  const { facts } = item;
  const words = [
    fill(w.facts, { width: item.width ?? 0, height: item.height ?? 0, size: saySize(item.size) }),
    item.durationMs ? fill(w.length, { time: sayLength(item.durationMs) }) : null,
    facts ? fill(w.codec, { codec: facts.codec.toUpperCase() }) : null,
    facts && !facts.audio ? w.silent : null,
  ];
  return (
    <>
      <p className="number tight" data-testid="media-facts">
        {words.filter(Boolean).join(' · ')}
      </p>
      <p className="quiet tight">
        {fill(w.addedBy, { name: item.createdByName, time: sayMoment(item.createdAt, lang) })}
      </p>
      {facts ? (
        <p className="quiet tight">
          {facts.metadata === 'rewritten' ? w.rewritten : w.blanked}
          {facts.source === 'boxes' ? w.readByBoxes : ''}
        </p>
      ) : null}
    </>
  );
}

function Describe({ item }: { item: MediaItem }) {
  const w = useWords(mediaTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const [name, setName] = useState(item.name);
  const [alt, setAlt] = useState(item.alt);
  const save = useAction(
    () => call(describeMedia, { params: { fileId: item.id }, body: { name: name.trim() || item.name, alt } }),
    { topics: ['media'], onDone: () => void message.success(w.saved), onFailed: sayError },
  );
  const changed = name !== item.name || alt !== item.alt;
  return (
    <div>
      <Field label={w.alt}>
        <Input.TextArea
          value={alt}
          maxLength={200}
          autoSize
          onChange={(event) => setAlt(event.target.value)}
          data-testid="media-alt"
        />
      </Field>
      <Field label={w.name}>
        <Input value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
      </Field>
      {changed ? (
        <Button
          type="primary"
          size="small"
          loading={save.isPending}
          onClick={() => save.mutate(undefined)}
          data-testid="media-save"
        >
          {w.save}
        </Button>
      ) : null}
    </div>
  );
}

function Remove({ item, onDone }: { item: MediaItem; onDone: () => void }) {
  const w = useWords(mediaTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const remove = useAction(() => call(deleteMedia, { params: { fileId: item.id } }), {
    topics: ['media'],
    onDone: () => {
      void message.success(w.removed);
      onDone();
    },
    onFailed: sayError,
  });
  return (
    <Popconfirm title={w.removeSure} okText={w.remove} onConfirm={() => remove.mutate(undefined)}>
      <Button danger loading={remove.isPending}>
        {w.remove}
      </Button>
    </Popconfirm>
  );
}
