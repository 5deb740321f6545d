import { App, Button, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { type Metric, metricLabels, metrics } from '#shared/abilities.ts';
import {
  type CheckedFigures,
  checkPastedFigures,
  type FigureRow,
  getFigureSheet,
  readFigureSheet,
  saveFigures,
} from '#shared/figures.ts';
import { call, upload } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { saveFile } from '../../lib/save-file.ts';
import { wallOf } from '../../lib/time.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { ChooseFile } from '../../ui/choose-file.tsx';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { CheckedTable } from './checked-table.tsx';
import { figureTexts } from './texts.ts';

const format = 'YYYY-MM-DD HH:mm';

/** Columns from a spreadsheet, by the clipboard or as a file; always shown as understood before they are saved. */
export function PasteFigures({ rows, accountId }: { rows: readonly FigureRow[]; accountId: string }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const sayError = useSayError();
  const [pasted, setPasted] = useState('');
  const [chosen, setChosen] = useState<Metric[]>(['reads']);
  const [wall, setWall] = useState(wallOf(new Date()));
  const [checked, setChecked] = useState<CheckedFigures[]>([]);
  const [capture, setCapture] = useState<'hand' | 'file'>('hand');
  const show = (from: 'hand' | 'file') => (reply: { rows: CheckedFigures[] }) => {
    setCapture(from);
    setChecked(reply.rows);
  };
  const check = useAction(
    () =>
      call(checkPastedFigures, {
        body: {
          pasted,
          deliveryIds: rows.map(({ deliveryId }) => deliveryId),
          metrics: chosen,
          asOfWall: wall,
        },
      }),
    { topics: ['none'], onDone: show('hand') },
  );
  const read = useAction((file: File) => upload(readFigureSheet, file, file.name), {
    topics: ['none'],
    onDone: show('file'),
  });
  const sheet = useAction(() => call(getFigureSheet, { query: accountId === '' ? {} : { accountId } }), {
    topics: ['none'],
    onDone: saveFile,
    onFailed: sayError,
  });
  const save = useAction(
    () =>
      call(saveFigures, {
        body: {
          capture,
          rows: checked.map((row) => ({
            deliveryId: row.deliveryId ?? '',
            asOfWall: row.asOfWall,
            totals: row.totals,
          })),
        },
      }),
    {
      topics: ['deliveries'],
      onDone: ({ saved }) => {
        setChecked([]);
        setPasted('');
        void message.success(fill(w.saved, { count: saved }));
      },
    },
  );
  return (
    <Section title={w.paste} testId="paste-figures">
      <p className="quiet">{w.pasteHelp}</p>
      <div className="row">
        <Field label={w.columns}>
          <Select<Metric[]>
            mode="multiple"
            value={chosen}
            onChange={setChosen}
            style={{ minWidth: 220 }}
            options={metrics.map((metric) => ({ value: metric, label: metricLabels[metric][lang] }))}
          />
        </Field>
        <Field label={w.asOf}>
          <DatePicker
            showTime={{ format: 'HH:mm' }}
            format={format}
            needConfirm={false}
            allowClear={false}
            value={dayjs(wall, format)}
            onChange={(value) => value && setWall(value.format(format))}
          />
        </Field>
      </div>
      <Input.TextArea
        value={pasted}
        maxLength={200_000}
        autoSize={{ minRows: 3, maxRows: 10 }}
        aria-label={w.paste}
        onChange={(event) => setPasted(event.target.value)}
        data-testid="figures-pasted"
      />
      <div className="row">
        <Button
          disabled={pasted.trim() === ''}
          loading={check.isPending}
          onClick={() => check.mutate(undefined)}
          data-testid="figures-preview"
        >
          {w.preview}
        </Button>
        <Button loading={sheet.isPending} onClick={() => sheet.mutate(undefined)}>
          {w.sheet}
        </Button>
        <ChooseFile
          label={w.choose}
          accept=".xlsx,.csv"
          busy={read.isPending}
          onChoose={(file) => read.mutate(file)}
          testId="figures-sheet"
        />
      </div>
      {check.error ? <ErrorNotice error={check.error} /> : null}
      {read.error ? <ErrorNotice error={read.error} /> : null}
      {checked.length > 0 ? (
        <CheckedTable
          rows={checked}
          busy={save.isPending}
          error={save.error}
          onSave={() => save.mutate(undefined)}
        />
      ) : null}
    </Section>
  );
}
