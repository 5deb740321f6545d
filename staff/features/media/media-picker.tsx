import './media.css';
import { Modal } from 'antd';
import { getMedia, listMedia, type MediaItem, type MediaKind } from '#shared/media.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { usePages } from '../../lib/query.ts';
import { useTyped } from '../../lib/typed.ts';
import { Empty } from '../../ui/empty.tsx';
import { PagedList, SearchBox } from '../../ui/list-parts.tsx';
import { MediaGrid } from './media-grid.tsx';
import { mediaTexts } from './texts.ts';
import { UploadButton } from './upload-button.tsx';
import { UploadList } from './upload-list.tsx';
import { sendFiles } from './uploads.ts';

type MediaPickerProps = { kind: MediaKind; onPick: (item: MediaItem) => void; onClose: () => void };

/** One file of the library, or one that is uploaded right here. */
export function MediaPicker({ kind, onPick, onClose }: MediaPickerProps) {
  const w = useWords(mediaTexts);
  const { typed, setTyped, search } = useTyped();
  const pages = usePages([listMedia.path, 'picker', search, kind], ['media'], (cursor) =>
    call(listMedia, { query: { search, kind, cursor } }),
  );
  const pickById = async (fileId: string | null) => {
    if (!fileId) return;
    const item = await call(getMedia, { params: { fileId } });
    if (item.kind === kind) onPick(item);
  };
  return (
    <Modal
      open
      footer={null}
      width={820}
      title={kind === 'video' ? w.pickVideo : w.pickPicture}
      onCancel={onClose}
      data-testid="media-picker"
    >
      <div className="filters">
        <UploadButton kind={kind} onFiles={(files) => void sendFiles(files)[0]?.then(pickById)} />
        <SearchBox label={w.search} value={typed} onChange={setTyped} width={260} />
      </div>
      <UploadList onOpen={(fileId) => void pickById(fileId)} />
      <PagedList pages={pages} empty={<Empty title={search ? w.noneFound : w.pickNone} />}>
        {(rows) => <MediaGrid items={rows} onChoose={onPick} />}
      </PagedList>
    </Modal>
  );
}
