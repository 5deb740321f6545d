import { Button, Upload } from 'antd';
import { useState } from 'react';
import { uploadCaseFile } from '#shared/inbox-intake.ts';
import type { CaseFile } from '#shared/sent-files.ts';
import { upload } from '../../lib/call.ts';
import { saySize } from '../../lib/file-words.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { useSayError } from '../../ui/say-error.ts';
import { factTexts } from './fact-texts.ts';

/** As many as a note takes. */
const most = 9;

/** Pictures and PDF that go with the next note; they are stored at once and belong to nothing until the note is added. */
export function NoteFiles({
  files,
  onChange,
}: {
  files: readonly CaseFile[];
  onChange: (change: (before: readonly CaseFile[]) => readonly CaseFile[]) => void;
}) {
  const w = useWords(factTexts);
  const sayError = useSayError();
  const [busy, setBusy] = useState(0);
  const send = useAction((file: File) => upload(uploadCaseFile, file, file.name), {
    topics: [],
    onDone: (stored) =>
      onChange((before) =>
        before.some(({ id }) => id === stored.id) ? before : [...before, stored].slice(0, most),
      ),
    onFailed: sayError,
  });
  return (
    <>
      <CaseFiles files={files} />
      <div className="row note-add">
        <Upload
          accept="image/*,application/pdf,.pdf"
          multiple
          showUploadList={false}
          beforeUpload={(file) => {
            setBusy((count) => count + 1);
            // Each file by itself: what is told of one mutation is told for its last call alone.
            void send
              .mutateAsync(file)
              .catch(() => undefined)
              .finally(() => setBusy((count) => count - 1));
            return false;
          }}
        >
          <Button size="small" loading={busy > 0} disabled={files.length >= most} data-testid="note-picture">
            {w.addFile}
          </Button>
        </Upload>
        {files.length > 0 ? (
          <>
            <span className="quiet">{fill(w.fileCount, { count: files.length })}</span>
            <Button size="small" type="link" onClick={() => onChange(() => [])}>
              {w.noFiles}
            </Button>
          </>
        ) : null}
      </div>
    </>
  );
}

/** What stands beside a message or a note: shown where a browser can, else offered for saving. */
export function CaseFiles({ files }: { files: readonly CaseFile[] }) {
  if (files.length === 0) return null;
  return (
    <div className="note-pictures">
      {files.map((file) => (
        <OneFile key={file.id} file={file} />
      ))}
    </div>
  );
}

const played = ['audio/mp4', 'audio/mpeg'];

function OneFile({ file }: { file: CaseFile }) {
  const w = useWords(factTexts);
  if (file.mime.startsWith('image/'))
    return (
      <a href={file.url} target="_blank" rel="noopener noreferrer">
        <img src={file.url} alt={file.name} data-testid="note-picture-shown" />
      </a>
    );
  const save = (
    <a href={file.url} download data-testid="case-file">
      {file.name} <span className="quiet">{saySize(file.size)}</span>
    </a>
  );
  if (file.mime === 'video/mp4')
    return (
      <span className="case-media">
        {/** biome-ignore lint/a11y/useMediaCaption: what a person filmed has no captions */}
        <video src={file.url} controls preload="metadata" aria-label={file.name} data-testid="case-video" />
        {save}
      </span>
    );
  if (!played.includes(file.mime))
    return (
      <span className="case-media">
        {save}
        {file.mime === 'audio/amr' ? <span className="quiet">{w.saveToHear}</span> : null}
      </span>
    );
  return (
    <span className="case-media">
      {/** biome-ignore lint/a11y/useMediaCaption: what a person said has no captions */}
      <audio src={file.url} controls preload="metadata" aria-label={file.name} data-testid="case-voice" />
      {save}
    </span>
  );
}
