import { Button, Input } from 'antd';
import { useState } from 'react';
import type { ArticleContent } from '#shared/content.ts';
import { getMedia, type MediaItem, type MediaKind } from '#shared/media.ts';
import { sayLength } from '../../lib/file-words.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { Field } from '../../ui/field.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { CropDialog } from '../media/crop-dialog.tsx';
import { MediaPicker } from '../media/media-picker.tsx';
import { articleMediaTexts } from './texts.ts';

type MediaFieldsProps = {
  working: ArticleContent;
  onText: (fields: Partial<ArticleContent>) => void;
};

/** What goes out beside the text: the picture of the lists, and one video. */
export function MediaFields({ working, onText }: MediaFieldsProps) {
  const w = useWords(articleMediaTexts);
  const video = working.video ?? null;
  return (
    <div className="media-fields">
      <div className="media-field" data-testid="cover-field">
        <span className="media-field-label">{w.cover}</span>
        <FileChoice
          kind="picture"
          fileId={working.coverFileId}
          empty={video ? w.coverFromVideo : w.coverNone}
          onChange={(coverFileId) => onText({ coverFileId })}
        />
      </div>
      <div className="media-field" data-testid="video-field">
        <span className="media-field-label">{w.video}</span>
        <FileChoice
          kind="video"
          fileId={video?.fileId ?? null}
          empty={w.videoNone}
          onChange={(fileId) =>
            onText({ video: fileId ? { fileId, transcript: video?.transcript ?? '' } : null })
          }
        />
        {video ? (
          <Field label={w.transcript}>
            <Input.TextArea
              value={video.transcript}
              maxLength={5_000}
              autoSize={{ minRows: 2, maxRows: 10 }}
              placeholder={w.transcriptHint}
              onChange={(event) => onText({ video: { ...video, transcript: event.target.value } })}
              data-testid="video-transcript"
            />
          </Field>
        ) : null}
      </div>
    </div>
  );
}

type FileChoiceProps = {
  kind: MediaKind;
  fileId: string | null;
  empty: string;
  onChange: (fileId: string | null) => void;
};

export function FileChoice({ kind, fileId, empty, onChange }: FileChoiceProps) {
  const w = useWords(articleMediaTexts);
  const [dialog, setDialog] = useState<'pick' | 'crop' | null>(null);
  const reading = useRead(
    getMedia,
    ['media'],
    { params: { fileId: fileId ?? '' } },
    { enabled: fileId !== null },
  );
  const item = fileId === null ? undefined : reading.data;
  const take = (chosen: MediaItem) => {
    setDialog(null);
    onChange(chosen.id);
  };
  return (
    <div>
      {item ? <Chosen item={item} /> : <p className="quiet tight">{empty}</p>}
      {fileId !== null && reading.error ? <StateMark tone="bad">{w.gone}</StateMark> : null}
      <div className="row">
        <Button size="small" onClick={() => setDialog('pick')} data-testid={`pick-${kind}`}>
          {item ? w.change : kind === 'video' ? w.pickVideo : w.pickPicture}
        </Button>
        {item?.kind === 'picture' ? (
          <Button size="small" onClick={() => setDialog('crop')} data-testid="crop-cover">
            {w.crop}
          </Button>
        ) : null}
        {fileId !== null ? (
          <Button size="small" type="text" onClick={() => onChange(null)}>
            {w.remove}
          </Button>
        ) : null}
      </div>
      {dialog === 'pick' ? <MediaPicker kind={kind} onPick={take} onClose={() => setDialog(null)} /> : null}
      {dialog === 'crop' && item ? (
        <CropDialog item={item} onDone={take} onClose={() => setDialog(null)} />
      ) : null}
    </div>
  );
}

function Chosen({ item }: { item: MediaItem }) {
  const w = useWords(articleMediaTexts);
  return (
    <div className="media-chosen" data-testid="media-chosen" data-file={item.id}>
      {item.kind === 'video' ? (
        // biome-ignore lint/a11y/useMediaCaption: its words stand in the field of the transcript
        <video controls preload="metadata" src={item.url} poster={item.coverUrl ?? undefined} />
      ) : (
        <img src={item.url} alt={item.alt} />
      )}
      <span className="quiet">
        {item.name}
        {item.durationMs ? ` · ${fill(w.length, { time: sayLength(item.durationMs) })}` : ''}
      </span>
    </div>
  );
}
