import { Button } from 'antd';
import { type Digest, getDigestFile } from '#shared/insight.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { useSayError } from '../../ui/say-error.ts';
import { digestTexts } from './texts.ts';

type File = { name: string; mime: string; base64: string };

/** Saved by the browser as any download. */
function keepFile({ name, mime, base64 }: File): void {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: mime }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export function DigestFiles({ digest }: { digest: Digest }) {
  const w = useWords(digestTexts);
  const sayError = useSayError();
  const fetchFile = useAction(
    (format: 'docx' | 'html') => call(getDigestFile, { params: { digestId: digest.id }, query: { format } }),
    { topics: [], onDone: keepFile, onFailed: sayError },
  );
  return (
    <div className="row insight-row">
      <Button
        onClick={() => fetchFile.mutate('docx')}
        loading={fetchFile.isPending && fetchFile.variables === 'docx'}
        data-testid="digest-word"
      >
        {w.word}
      </Button>
      <Button
        onClick={() => fetchFile.mutate('html')}
        loading={fetchFile.isPending && fetchFile.variables === 'html'}
      >
        {w.print}
      </Button>
    </div>
  );
}
