import { Button } from 'antd';
import { type Digest, getDigestFile } from '#shared/insight.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useSayError } from '../../ui/say-error.ts';
import { digestTexts } from './texts.ts';

export function DigestFiles({ digest }: { digest: Digest }) {
  const w = useWords(digestTexts);
  const sayError = useSayError();
  const fetchFile = useAction(
    (format: 'docx' | 'html') => call(getDigestFile, { params: { digestId: digest.id }, query: { format } }),
    { topics: [], onDone: saveFile, onFailed: sayError },
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
