import { Button, Progress } from 'antd';
import { cancelUpload, listUploads, type Upload } from '#shared/media.ts';
import { call } from '../../lib/call.ts';
import { saySize } from '../../lib/file-words.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { mediaTexts } from './texts.ts';
import { forgetUpload, type Sending, useUploads } from './uploads.ts';

/** What is under way in this tab, and what was begun before and waits for its file. */
export function UploadList({ onOpen }: { onOpen: (fileId: string) => void }) {
  const sendings = useUploads();
  const begun = useRead(listUploads, ['media'], {});
  const known = new Set(sendings.map((one) => one.fingerprint));
  const left = (begun.data ?? []).filter((one) => one.state === 'open' && !known.has(one.fingerprint));
  if (sendings.length === 0 && left.length === 0) return null;
  return (
    <ul className="uploads" data-testid="uploads">
      {sendings.map((one) => (
        <SendingLine key={one.key} sending={one} onOpen={onOpen} />
      ))}
      {left.map((one) => (
        <LeftLine key={one.id} upload={one} />
      ))}
    </ul>
  );
}

function SendingLine({ sending, onOpen }: { sending: Sending; onOpen: (fileId: string) => void }) {
  const w = useWords(mediaTexts);
  const lang = useLang();
  const { state, size } = sending;
  const received = 'received' in state ? state.received : state.kind === 'waiting' ? 0 : size;
  const over = state.kind === 'done' || state.kind === 'failed';
  return (
    <li className="upload" data-testid="upload" data-state={state.kind}>
      <div className="upload-head">
        <strong>{sending.name}</strong>
        <span className="upload-actions">
          {state.kind === 'done' ? (
            <Button size="small" type="link" onClick={() => onOpen(state.fileId)} data-testid="upload-open">
              {w.open}
            </Button>
          ) : null}
          <Button size="small" type="text" onClick={() => forgetUpload(sending.key)}>
            {over ? w.hide : w.cancel}
          </Button>
        </span>
      </div>
      {over ? null : (
        <Progress percent={Math.floor((received / size) * 100)} size="small" aria-label={sending.name} />
      )}
      {state.kind === 'waiting' ? <StateMark tone="quiet">{w.waiting}</StateMark> : null}
      {state.kind === 'sending' ? (
        <StateMark tone="busy">{fill(w.sending, { done: saySize(received), size: saySize(size) })}</StateMark>
      ) : null}
      {state.kind === 'paused' ? <StateMark tone="warn">{w.paused}</StateMark> : null}
      {state.kind === 'looking' ? <StateMark tone="busy">{w.looking}</StateMark> : null}
      {state.kind === 'done' ? (
        <StateMark tone="good">{state.wasThere ? w.wasThere : w.done}</StateMark>
      ) : null}
      {state.kind === 'failed' ? <StateMark tone="bad">{state[lang]}</StateMark> : null}
    </li>
  );
}

/** The browser no longer has the file: only the person can choose it again. */
function LeftLine({ upload }: { upload: Upload }) {
  const w = useWords(mediaTexts);
  const cancel = useAction(() => call(cancelUpload, { params: { uploadId: upload.id } }), {
    topics: ['media'],
  });
  const values = { done: saySize(upload.received), size: saySize(upload.size) };
  return (
    <li className="upload" data-testid="upload" data-state="left">
      <div className="upload-head">
        <strong>{upload.name}</strong>
        <Button size="small" type="text" loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
          {w.cancel}
        </Button>
      </div>
      <Progress
        percent={Math.floor((upload.received / upload.size) * 100)}
        size="small"
        aria-label={upload.name}
      />
      <StateMark tone="warn">{fill(w.resumable, values)}</StateMark>
    </li>
  );
}
