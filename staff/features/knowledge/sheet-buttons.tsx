import './knowledge.css';
import { Alert, App, Button } from 'antd';
import { useRef } from 'react';
import { exportKnowledge, importKnowledge } from '#shared/knowledge.ts';
import { call, upload } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { saveFile } from '../../lib/save-file.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { knowledgeTexts } from './texts.ts';

export function SheetButtons() {
  const w = useWords(knowledgeTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const picker = useRef<HTMLInputElement>(null);
  const take = useAction(
    (template: boolean) => call(exportKnowledge, { query: template ? { template: '1' } : {} }),
    { topics: [], onDone: saveFile },
  );
  const bring = useAction((file: File) => upload(importKnowledge, file, file.name), {
    topics: ['cases'],
    onDone: ({ imported, problems }) => {
      if (problems.length === 0) void message.success(fill(w.imported, { count: imported }));
    },
  });
  const problems = bring.data?.problems ?? [];
  return (
    <>
      <div className="row kb-sheet">
        <Button size="small" onClick={() => take.mutate(true)}>
          {w.template}
        </Button>
        <Button size="small" onClick={() => take.mutate(false)}>
          {w.export}
        </Button>
        <Button size="small" loading={bring.isPending} onClick={() => picker.current?.click()}>
          {w.import}
        </Button>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".xlsx,.csv"
          aria-label={w.import}
          data-testid="knowledge-file"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) bring.mutate(file);
          }}
        />
      </div>
      {(take.error ?? bring.error) ? <ErrorNotice error={take.error ?? bring.error} /> : null}
      {problems.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={w.problemsTitle}
          description={
            <ul className="kb-problems" data-testid="knowledge-problems">
              {problems.map((one) => (
                <li key={`${one.line}${one.column}${one.zh}`}>
                  {fill(w.line, { line: one.line })} {one.column} {one[lang]}
                </li>
              ))}
            </ul>
          }
        />
      ) : null}
    </>
  );
}
