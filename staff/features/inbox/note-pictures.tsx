import { Button, Upload } from 'antd';
import { useState } from 'react';
import type { CaseFile } from '#shared/inbox.ts';
import { uploadCaseFile } from '#shared/inbox-intake.ts';
import { upload } from '../../lib/call.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { useSayError } from '../../ui/say-error.ts';
import { factTexts } from './fact-texts.ts';

/** As many as a note takes. */
const most = 9;

/** Pictures that go with the next note; they are stored at once and belong to nothing until the note is added. */
export function NotePictures({
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
      <Pictures files={files} />
      <div className="row note-add">
        <Upload
          accept="image/*"
          multiple
          showUploadList={false}
          beforeUpload={(file) => {
            setBusy((count) => count + 1);
            send.mutate(file, { onSettled: () => setBusy((count) => count - 1) });
            return false;
          }}
        >
          <Button size="small" loading={busy > 0} disabled={files.length >= most} data-testid="note-picture">
            {w.addPicture}
          </Button>
        </Upload>
        {files.length > 0 ? (
          <>
            <span className="quiet">{fill(w.pictureCount, { count: files.length })}</span>
            <Button size="small" type="link" onClick={() => onChange(() => [])}>
              {w.noPictures}
            </Button>
          </>
        ) : null}
      </div>
    </>
  );
}

export function Pictures({ files }: { files: readonly CaseFile[] }) {
  if (files.length === 0) return null;
  return (
    <div className="note-pictures">
      {files.map((file) => (
        <a key={file.id} href={file.url} target="_blank" rel="noopener noreferrer">
          {file.mime.startsWith('image/') ? (
            <img src={file.url} alt={file.name} data-testid="note-picture-shown" />
          ) : (
            file.name
          )}
        </a>
      ))}
    </div>
  );
}
