import './media.css';
import { Checkbox } from 'antd';
import { useState } from 'react';
import { listMedia, type MediaKind, mediaKindLabels, mediaKinds } from '#shared/media.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { usePages } from '../../lib/query.ts';
import { useTyped } from '../../lib/typed.ts';
import { Empty } from '../../ui/empty.tsx';
import { ChoiceFilter, PagedList, SearchBox } from '../../ui/list-parts.tsx';
import { Page } from '../../ui/page.tsx';
import { MediaDrawer } from './media-drawer.tsx';
import { MediaGrid } from './media-grid.tsx';
import { mediaTexts } from './texts.ts';
import { UploadButton } from './upload-button.tsx';
import { UploadList } from './upload-list.tsx';
import { sendFiles } from './uploads.ts';

export function MediaLibraryScreen() {
  const w = useWords(mediaTexts);
  const lang = useLang();
  const mayWrite = useMay('article.write');
  const [kind, setKind] = useState<MediaKind | undefined>();
  const [unused, setUnused] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const { typed, setTyped, search } = useTyped();
  const pages = usePages([listMedia.path, search, kind, unused], ['media', 'articles'], (cursor) =>
    call(listMedia, { query: { search, kind, cursor, ...(unused ? { unused: '1' as const } : {}) } }),
  );
  return (
    <Page
      title={w.title}
      testId="media-library"
      actions={mayWrite ? <UploadButton primary onFiles={(files) => void sendFiles(files)} /> : null}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way beside the button */}
      <div
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          if (mayWrite) void sendFiles([...event.dataTransfer.files]);
        }}
      >
        {mayWrite ? <UploadList onOpen={setOpen} /> : null}
        <div className="filters">
          <SearchBox label={w.search} value={typed} onChange={setTyped} />
          <ChoiceFilter
            everything={w.allKinds}
            value={kind}
            options={mediaKinds.map((one) => ({ value: one, label: mediaKindLabels[one][lang] }))}
            onChange={setKind}
          />
          <Checkbox checked={unused} onChange={(event) => setUnused(event.target.checked)}>
            {w.onlyUnused}
          </Checkbox>
        </div>
        <PagedList
          pages={pages}
          empty={
            <Empty title={search || kind || unused ? w.noneFound : w.emptyTitle}>
              {mayWrite ? w.uploadHelp : null}
            </Empty>
          }
        >
          {(rows) => <MediaGrid items={rows} onChoose={(item) => setOpen(item.id)} />}
        </PagedList>
      </div>
      {open ? <MediaDrawer fileId={open} onOpen={setOpen} onClose={() => setOpen(null)} /> : null}
    </Page>
  );
}
