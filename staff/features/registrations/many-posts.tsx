import { App, Button, Table } from 'antd';
import { useState } from 'react';
import {
  type CheckedRegistration,
  getRegistrationTemplate,
  readRegistrationSheet,
  registerPosts,
} from '#shared/registrations.ts';
import { call, upload } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { saveFile } from '../../lib/save-file.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { ChooseFile } from '../../ui/choose-file.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { registrationTexts } from './texts.ts';

/** A sheet is read and shown row by row before anything is saved. */
export function ManyPosts() {
  const w = useWords(registrationTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const [rows, setRows] = useState<CheckedRegistration[]>([]);
  const template = useAction(() => call(getRegistrationTemplate), {
    topics: ['none'],
    onDone: saveFile,
    onFailed: sayError,
  });
  const read = useAction((file: File) => upload(readRegistrationSheet, file, file.name), {
    topics: ['none'],
    onDone: (reply) => setRows(reply.rows),
    onFailed: () => setRows([]),
  });
  const save = useAction(
    () =>
      call(registerPosts, {
        body: {
          rows: rows.map((row) => ({
            accountId: row.accountId ?? '',
            pasted: row.pasted,
            title: row.title,
            publishedWall: row.publishedWall ?? '',
          })),
        },
      }),
    {
      topics: ['deliveries'],
      onDone: ({ ids }) => {
        setRows([]);
        void message.success(fill(w.registered, { count: ids.length }));
      },
    },
  );
  const wrong = rows.filter(({ problems }) => problems.length > 0).length;
  return (
    <>
      <p className="quiet">{w.manyHelp}</p>
      <div className="row">
        <Button loading={template.isPending} onClick={() => template.mutate(undefined)}>
          {w.template}
        </Button>
        <ChooseFile
          label={w.choose}
          accept=".xlsx,.csv"
          busy={read.isPending}
          onChoose={(file) => read.mutate(file)}
          testId="register-sheet"
        />
      </div>
      {read.error ? <ErrorNotice error={read.error} /> : null}
      {rows.length > 0 ? (
        <>
          <p data-testid="sheet-verdict">
            {wrong > 0
              ? fill(w.someWrong, { count: rows.length, wrong })
              : fill(w.allFine, { count: rows.length })}
          </p>
          <Rows rows={rows} />
          {save.error ? <ErrorNotice error={save.error} /> : null}
          <Button
            type="primary"
            disabled={wrong > 0}
            loading={save.isPending}
            onClick={() => save.mutate(undefined)}
            data-testid="sheet-save"
          >
            {fill(w.saveAll, { count: rows.length })}
          </Button>
        </>
      ) : null}
    </>
  );
}

function Rows({ rows }: { rows: CheckedRegistration[] }) {
  const w = useWords(registrationTexts);
  const lang = useLang();
  return (
    <Table<CheckedRegistration>
      size="small"
      rowKey="line"
      dataSource={rows}
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: w.line, dataIndex: 'line', width: 56, align: 'right' },
        {
          title: w.problems,
          width: 280,
          render: (_, row) =>
            row.problems.length === 0 ? (
              <StateMark tone="good">{w.fine}</StateMark>
            ) : (
              <ul className="plain">
                {row.problems.map((problem) => (
                  <li key={problem.zh}>
                    <StateMark tone="bad">{problem[lang]}</StateMark>
                  </li>
                ))}
              </ul>
            ),
        },
        { title: w.account, dataIndex: 'accountName', width: 140 },
        { title: w.postTitle, dataIndex: 'title', width: 200 },
        { title: w.published, dataIndex: 'publishedWall', width: 150 },
      ]}
    />
  );
}
